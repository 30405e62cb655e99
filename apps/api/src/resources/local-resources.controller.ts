import { Body, Controller, Get, Put } from '@nestjs/common';
import { ManagementValidationPipe } from '../common/management/management-validation.pipe.js';
import { UpdateLocalResourcesDto } from './local-resources.dto.js';
import { LocalResourcesService, type LocalResourcesView } from './local-resources.service.js';

const body = new ManagementValidationPipe(['pools', 'models']);

/** What local models together may take of this machine, and what they do take. */
@Controller('api/local-resources')
export class LocalResourcesController {
  constructor(private readonly resources: LocalResourcesService) {}

  @Get()
  read(): Promise<LocalResourcesView> {
    return this.resources.read();
  }

  @Put()
  update(@Body(body) fields: UpdateLocalResourcesDto): Promise<LocalResourcesView> {
    return this.resources.update(fields);
  }
}
