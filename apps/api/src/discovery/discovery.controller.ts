import { Body, Controller, Get, Post } from '@nestjs/common';
import { ManagementValidationPipe } from '../common/management/management-validation.pipe.js';
import { AdoptFindDto } from './adopt-find.dto.js';
import { FindAdoption, type Adoption } from './find-adoption.service.js';
import { MachineDiscovery, type MachineFindings } from './machine-discovery.service.js';

const body = new ManagementValidationPipe();

/** What can be used on this machine. */
@Controller('api/discovery')
export class DiscoveryController {
  constructor(
    private readonly discovery: MachineDiscovery,
    private readonly adoption: FindAdoption,
  ) {}

  @Get()
  read(): Promise<MachineFindings> {
    return this.discovery.look();
  }

  /** Makes a find callable: a local model and a route to it. */
  @Post('models')
  adopt(@Body(body) wanted: AdoptFindDto): Promise<Adoption> {
    return this.adoption.adopt(wanted);
  }
}
