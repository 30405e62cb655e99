import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { randomUUID } from 'node:crypto';
import { DataSource, In, type EntityManager, type Repository } from 'typeorm';
import { ConfigurationChanges } from '../common/configuration-changes.js';
import { orNotFound } from '../common/management/not-found.js';
import type { FieldFault } from '../common/management/management-error-body.js';
import { refuseBrokenReferences } from '../common/management/refuse-broken-references.js';
import { refuseDuplicates } from '../common/management/refuse-duplicates.js';
import { ValidationFault } from '../common/management/validation-fault.js';
import type {
  CreateModelRouteDto,
  RouteTargetDto,
  UpdateModelRouteDto,
} from './model-route.dto.js';
import { ModelRoute } from './model-route.entity.js';
import { RouteTarget } from './route-target.entity.js';

export type RouteTargetSnapshot = Readonly<Omit<RouteTarget, 'route'>>;
export type ModelRouteSnapshot = Readonly<Omit<ModelRoute, 'targets'>> & {
  readonly targets: readonly RouteTargetSnapshot[];
};

@Injectable()
export class ModelRoutesService {
  constructor(
    @InjectRepository(ModelRoute) private readonly routes: Repository<ModelRoute>,
    private readonly dataSource: DataSource,
    private readonly changes: ConfigurationChanges,
  ) {}

  async get(id: string): Promise<ModelRoute> {
    const route = await this.routes.findOne({ where: { id }, relations: { targets: true } });
    return inOrder(orNotFound(route, 'route'));
  }

  async snapshot(): Promise<readonly ModelRouteSnapshot[]> {
    const routes = await this.routes.find({
      where: { isEnabled: true },
      relations: { targets: true },
    });
    return routes.map(inOrder);
  }

  /** The same rows with their targets, read at once; a route that was deleted since has none and is left out. */
  async withTargets(rows: readonly ModelRoute[]): Promise<ModelRoute[]> {
    const targets = await this.dataSource
      .getRepository(RouteTarget)
      .findBy({ routeId: In(rows.map(({ id }) => id)) });
    return rows.flatMap((row) => {
      const own = targets.filter(({ routeId }) => routeId === row.id);
      return own.length === 0 ? [] : [inOrder({ ...row, targets: own })];
    });
  }

  async create(fields: CreateModelRouteDto): Promise<ModelRoute> {
    const now = Date.now();
    const route = {
      id: randomUUID(),
      name: fields.name,
      cloud: fields.cloud ?? ('never' as const),
      isPrivate: fields.isPrivate ?? false,
      lossMode: fields.lossMode ?? ('warn' as const),
      isEnabled: fields.isEnabled ?? true,
      firstByteTimeoutMs: fields.firstByteTimeoutMs ?? null,
      whenCold: fields.whenCold ?? ('wait' as const),
      maxWaitMs: fields.maxWaitMs ?? null,
      commitAfterMs: fields.commitAfterMs ?? null,
      hedgeAfterMs: fields.hedgeAfterMs ?? null,
      fallbackBudgetNanos: fields.fallbackBudgetNanos ?? null,
      fallbackBudgetWindow: fields.fallbackBudgetWindow ?? ('month' as const),
      createdAt: now,
      updatedAt: now,
    };
    await this.assertTargets(fields.targets);
    await this.write(route.name, async (manager) => {
      await manager.insert(ModelRoute, route);
      await writeTargets(manager, route.id, fields.targets);
    });
    await this.changes.notify('routes');
    return this.get(route.id);
  }

  async update(id: string, fields: UpdateModelRouteDto): Promise<ModelRoute> {
    const route = await this.get(id);
    const { targets, ...rest } = fields;
    const given = Object.fromEntries(
      Object.entries(rest).filter(([, value]) => value !== undefined),
    ) as Partial<ModelRoute>;
    if (targets !== undefined) await this.assertTargets(targets);
    await this.write(given.name ?? route.name, async (manager) => {
      const { affected } = await manager.update(
        ModelRoute,
        { id },
        { ...given, updatedAt: Date.now() },
      );
      orNotFound(affected === 0 ? null : route, 'route');
      if (targets === undefined) return;
      await manager.delete(RouteTarget, { routeId: id });
      await writeTargets(manager, id, targets);
    });
    await this.changes.notify('routes');
    return this.get(id);
  }

  async remove(id: string): Promise<ModelRoute> {
    const route = await this.get(id);
    await this.routes.delete({ id });
    await this.changes.notify('routes');
    return route;
  }

  /** A route and its targets are written together or not at all. */
  private write(name: string, work: (manager: EntityManager) => Promise<void>): Promise<void> {
    return refuseBrokenReferences(
      'A target of this route was deleted just now. Choose another one.',
      () => refuseDuplicates('route', name, () => this.dataSource.transaction(work)),
    );
  }

  private async assertTargets(targets: readonly RouteTargetDto[]): Promise<void> {
    const faults = targets.flatMap(priceFaults);
    for (const [index, target] of targets.entries()) {
      const [table, id, field] =
        target.kind === 'local'
          ? ['local_models', target.localModelId, 'localModelId']
          : ['providers', target.providerId, 'providerId'];
      const found = await this.dataSource.query<unknown[]>(`SELECT 1 FROM ${table} WHERE id = ?`, [
        id ?? '',
      ]);
      if (found.length === 0)
        faults.push({ path: `targets.${index}.${field}`, message: 'does not exist' });
    }
    if (faults.length > 0) throw new ValidationFault(faults);
  }
}

/** A price for one direction alone would be completed by the price table, and nobody would see that it was. */
function priceFaults(
  { priceInputNanosPerMTok, priceOutputNanosPerMTok }: RouteTargetDto,
  index: number,
): FieldFault[] {
  const [input, output] = [priceInputNanosPerMTok ?? null, priceOutputNanosPerMTok ?? null];
  if ((input === null) === (output === null)) return [];
  const missing = input === null ? 'priceInputNanosPerMTok' : 'priceOutputNanosPerMTok';
  return [
    {
      path: `targets.${index}.${missing}`,
      message:
        'is required when the other price is set; set both, or neither to use the price table',
    },
  ];
}

async function writeTargets(
  manager: EntityManager,
  routeId: string,
  targets: readonly RouteTargetDto[],
): Promise<void> {
  await manager.insert(
    RouteTarget,
    targets.map((target, position) => {
      const isLocal = target.kind === 'local';
      return {
        id: randomUUID(),
        routeId,
        position,
        localModelId: isLocal ? (target.localModelId ?? null) : null,
        providerId: isLocal ? null : (target.providerId ?? null),
        capabilities: target.capabilities ?? null,
        upstreamModel: isLocal ? null : (target.upstreamModel ?? null),
        priceInputNanosPerMTok: isLocal ? null : (target.priceInputNanosPerMTok ?? null),
        priceOutputNanosPerMTok: isLocal ? null : (target.priceOutputNanosPerMTok ?? null),
      };
    }),
  );
}

function inOrder(route: ModelRoute): ModelRoute {
  route.targets.sort((a, b) => a.position - b.position);
  return route;
}
