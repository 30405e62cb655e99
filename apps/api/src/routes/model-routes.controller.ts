import { Body, Controller, Delete, Get, Param, Post, Put, Query, Res } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import { DataSource, type Repository } from 'typeorm';
import { findPage, sendPage, type ListFields } from '../common/management/find-page.js';
import type { RawListQuery } from '../common/management/list-query.js';
import { ManagementValidationPipe } from '../common/management/management-validation.pipe.js';
import { SpendReader } from '../common/money/spend-reader.js';
import { CreateModelRouteDto, UpdateModelRouteDto } from './model-route.dto.js';
import { ModelRoute } from './model-route.entity.js';
import { ModelRoutesService } from './model-routes.service.js';
import type { RouteTarget } from './route-target.entity.js';

const byTarget = (column: string) => (values: string) =>
  `row.id IN (SELECT route_id FROM route_targets WHERE ${column} IN (${values}))`;
const fields: ListFields = {
  text: ['name'],
  exact: ['cloud', 'whenCold', 'isPrivate', 'isEnabled'],
  sort: ['id', 'name', 'cloud', 'isEnabled', 'createdAt', 'updatedAt'],
  related: { localModelId: byTarget('local_model_id'), providerId: byTarget('provider_id') },
};
const body = new ManagementValidationPipe([
  'id',
  'fallbackSpentNanos',
  'fallbackHeldNanos',
  'createdAt',
  'updatedAt',
]);

/** Public model names and where they are served. */
@Controller('api/model-routes')
export class ModelRoutesController {
  constructor(
    private readonly routes: ModelRoutesService,
    private readonly spend: SpendReader,
    private readonly dataSource: DataSource,
    @InjectRepository(ModelRoute) private readonly rows: Repository<ModelRoute>,
  ) {}

  @Get()
  async list(@Query() query: RawListQuery, @Res({ passthrough: true }) reply: FastifyReply) {
    const page = await findPage(this.rows, query, fields);
    const names = await this.targetNames();
    const routes = await this.routes.withTargets(page.rows);
    return sendPage(reply, 'model-routes', { ...page, rows: routes }, (route) =>
      this.show(route, names),
    );
  }

  @Get(':id')
  async one(@Param('id') id: string) {
    return this.show(await this.routes.get(id), await this.targetNames());
  }

  @Post()
  async create(@Body(body) fieldsGiven: CreateModelRouteDto) {
    return this.show(await this.routes.create(fieldsGiven), await this.targetNames());
  }

  @Put(':id')
  async update(@Param('id') id: string, @Body(body) fieldsGiven: UpdateModelRouteDto) {
    return this.show(await this.routes.update(id, fieldsGiven), await this.targetNames());
  }

  @Delete(':id')
  async remove(@Param('id') id: string) {
    return this.show(await this.routes.remove(id), await this.targetNames());
  }

  private async targetNames(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.dataSource.query<{ id: string; name: string }[]>(
      'SELECT id, name FROM providers UNION ALL SELECT id, name FROM local_models',
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  private show(route: ModelRoute, names: ReadonlyMap<string, string>) {
    const { spentNanos, heldNanos } = this.spend.ofRouteFallback(route);
    return {
      ...route,
      fallbackSpentNanos: spentNanos,
      fallbackHeldNanos: heldNanos,
      targets: route.targets.map((target) => showTarget(target, names)),
    };
  }
}

function showTarget(target: RouteTarget, names: ReadonlyMap<string, string>) {
  const {
    id,
    capabilities,
    localModelId,
    providerId,
    upstreamModel,
    priceInputNanosPerMTok,
    priceOutputNanosPerMTok,
  } = target;
  if (localModelId !== null) {
    return {
      id,
      kind: 'local',
      localModelId,
      capabilities,
      label: `local:${names.get(localModelId) ?? '(deleted)'}`,
    };
  }
  const label = `provider:${names.get(providerId ?? '') ?? '(deleted)'}/${upstreamModel ?? ''}`;
  return {
    id,
    kind: 'provider',
    providerId,
    upstreamModel,
    capabilities,
    priceInputNanosPerMTok,
    priceOutputNanosPerMTok,
    label,
  };
}
