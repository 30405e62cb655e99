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
import { LocalModelCommands } from './commands/local-model-commands.service.js';
import { LocalModelControl } from './local-model-control.js';
import { CreateLocalModelDto, UpdateLocalModelDto } from './local-model.dto.js';
import { LocalModel } from './local-model.entity.js';
import { LocalModelsService } from './local-models.service.js';

const fields = {
  text: ['name', 'modelPath'],
  exact: ['engine', 'isEnabled', 'isPinned', 'exclusiveGroup'],
  sort: ['id', 'name', 'engine', 'isEnabled', 'createdAt', 'updatedAt'],
};
const body = new ManagementValidationPipe([
  'id',
  'state',
  'stateReason',
  'commands',
  'createdAt',
  'updatedAt',
]);

/** Models that engines on this machine serve. */
@Controller('api/local-models')
export class LocalModelsController {
  constructor(
    private readonly models: LocalModelsService,
    private readonly control: LocalModelControl,
    private readonly commands: LocalModelCommands,
    @InjectRepository(LocalModel) private readonly rows: Repository<LocalModel>,
  ) {}

  @Get()
  async list(@Query() query: RawListQuery, @Res({ passthrough: true }) reply: FastifyReply) {
    return sendPage(reply, 'local-models', await findPage(this.rows, query, fields), (model) =>
      this.show(model),
    );
  }

  @Get(':id')
  async one(@Param('id') id: string) {
    return this.show(await this.models.get(id));
  }

  @Post()
  async create(@Body(body) fieldsGiven: CreateLocalModelDto) {
    return this.show(await this.models.create(fieldsGiven));
  }

  @Put(':id')
  async update(@Param('id') id: string, @Body(body) fieldsGiven: UpdateLocalModelDto) {
    return this.show(await this.models.update(id, fieldsGiven));
  }

  @Delete(':id')
  async remove(@Param('id') id: string) {
    return this.show(await this.models.remove(id));
  }

  /** See `localModelCommands`. */
  @Post(':id/:command')
  @HttpCode(200)
  async command(@Param('id') id: string, @Param('command') command: string) {
    return this.show(await this.commands.run(id, command));
  }

  private show(model: LocalModel) {
    const { state, reason } = this.control.view(model.id);
    return { ...model, state, stateReason: reason, commands: this.commands.usefulFor(model) };
  }
}
