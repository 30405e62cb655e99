import { Body, Controller, Delete, Get, Param, Post, Put, Query, Res } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import type { Repository } from 'typeorm';
import { findPage, sendPage } from '../common/management/find-page.js';
import type { RawListQuery } from '../common/management/list-query.js';
import { ManagementValidationPipe } from '../common/management/management-validation.pipe.js';
import { SpendReader } from '../common/money/spend-reader.js';
import { KeysService } from './keys.service.js';
import { CreateVirtualKeyDto, UpdateVirtualKeyDto } from './virtual-key.dto.js';
import { VirtualKey } from './virtual-key.entity.js';

const fields = {
  text: ['name', 'prefix'],
  exact: ['isEnabled', 'isPrivate'],
  sort: ['id', 'name', 'createdAt', 'lastUsedAt', 'expiresAt', 'isEnabled'],
};
const body = new ManagementValidationPipe([
  'id',
  'prefix',
  'spentNanos',
  'heldNanos',
  'fallbackSpentNanos',
  'fallbackHeldNanos',
  'lastUsedAt',
  'createdAt',
  'revokedAt',
]);

/** Virtual keys. The key itself is in the answer to its creation and nowhere else. */
@Controller('api/virtual-keys')
export class KeysController {
  constructor(
    private readonly keys: KeysService,
    private readonly spend: SpendReader,
    @InjectRepository(VirtualKey) private readonly rows: Repository<VirtualKey>,
  ) {}

  @Get()
  async list(@Query() query: RawListQuery, @Res({ passthrough: true }) reply: FastifyReply) {
    const page = await findPage(this.rows, query, fields);
    return sendPage(reply, 'virtual-keys', page, (key) => this.show(key));
  }

  @Get(':id')
  async one(@Param('id') id: string) {
    return this.show(await this.keys.get(id));
  }

  @Post()
  async create(@Body(body) fieldsGiven: CreateVirtualKeyDto) {
    const { key, secret } = await this.keys.create(fieldsGiven);
    return { ...this.show(key), secret };
  }

  @Put(':id')
  async update(@Param('id') id: string, @Body(body) fieldsGiven: UpdateVirtualKeyDto) {
    return this.show(await this.keys.update(id, fieldsGiven));
  }

  @Delete(':id')
  async revoke(@Param('id') id: string) {
    return this.show(await this.keys.revoke(id));
  }

  private show(key: VirtualKey) {
    const { hash: _hash, ...shown } = key;
    const { spentNanos, heldNanos } = this.spend.ofKey(key);
    const fallback = this.spend.ofKeyFallback(key);
    return {
      ...shown,
      lastUsedAt: this.keys.lastUse(key),
      spentNanos,
      heldNanos,
      fallbackSpentNanos: fallback.spentNanos,
      fallbackHeldNanos: fallback.heldNanos,
    };
  }
}
