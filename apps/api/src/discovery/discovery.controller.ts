import { Controller, Get } from '@nestjs/common';
import { MachineDiscovery, type MachineFindings } from './machine-discovery.service.js';

/** What can be used on this machine. */
@Controller('api/discovery')
export class DiscoveryController {
  constructor(private readonly discovery: MachineDiscovery) {}

  @Get()
  read(): Promise<MachineFindings> {
    return this.discovery.look();
  }
}
