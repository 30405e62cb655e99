import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import type { Repository } from 'typeorm';
import { findPage, sendPage } from '../common/management/find-page.js';
import type { RawListQuery } from '../common/management/list-query.js';
import { ManagementValidationPipe } from '../common/management/management-validation.pipe.js';
import { ProviderProbe } from './provider-probe.service.js';
import { CreateProviderDto, UpdateProviderDto } from './provider.dto.js';
import { Provider } from './provider.entity.js';
import { ProvidersService } from './providers.service.js';

const fields = {
  text: ['name', 'baseUrl'],
  exact: ['protocol', 'isEnabled', 'isFree'],
  sort: ['id', 'name', 'protocol', 'baseUrl', 'isEnabled', 'createdAt', 'updatedAt'],
};
const body = new ManagementValidationPipe([
  'id',
  'hasCredential',
  'needsCredential',
  'credentialHint',
  'createdAt',
  'updatedAt',
]);

/** Accounts at providers. Credentials go in and never come out. */
@Controller('api/providers')
export class ProvidersController {
  constructor(
    private readonly providers: ProvidersService,
    private readonly prober: ProviderProbe,
    @InjectRepository(Provider) private readonly rows: Repository<Provider>,
  ) {}

  @Get()
  async list(@Query() query: RawListQuery, @Res({ passthrough: true }) reply: FastifyReply) {
    return sendPage(reply, 'providers', await findPage(this.rows, query, fields), this.show);
  }

  @Get(':id')
  async one(@Param('id') id: string) {
    return this.show(await this.providers.get(id));
  }

  @Post()
  async create(@Body(body) fieldsGiven: CreateProviderDto) {
    return this.show(await this.providers.create(fieldsGiven));
  }

  @Put(':id')
  async update(@Param('id') id: string, @Body(body) fieldsGiven: UpdateProviderDto) {
    return this.show(await this.providers.update(id, fieldsGiven));
  }

  @Delete(':id')
  async remove(@Param('id') id: string) {
    return this.show(await this.providers.remove(id));
  }

  @Post(':id/test')
  @HttpCode(200)
  test(@Param('id') id: string) {
    return this.prober.probe(id);
  }

  private readonly show = (provider: Provider) => {
    const { credentialSealed, ...shown } = provider;
    return {
      ...shown,
      hasCredential: credentialSealed !== null,
      needsCredential: this.providers.needsCredential(provider),
    };
  };
}
