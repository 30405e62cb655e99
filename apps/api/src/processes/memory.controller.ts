import { Supervisor, type MemoryView } from '#process';
import { Controller, Get } from '@nestjs/common';

/** The memory of this machine that local models share. */
@Controller('api/memory')
export class MemoryController {
  constructor(private readonly supervisor: Supervisor) {}

  @Get()
  pools(): { pools: MemoryView[] } {
    return { pools: this.supervisor.memory() };
  }
}
