import { Supervisor } from '#process';
import { Controller, Get, Query } from '@nestjs/common';
import { GatewayError } from '#translation';
import { DashboardService } from './dashboard.service.js';

const liveStates = new Set(['starting', 'ready', 'draining', 'stopping']);

/** The figures on the panel's first page. */
@Controller('api/dashboard')
export class DashboardController {
  constructor(
    private readonly dashboard: DashboardService,
    private readonly supervisor: Supervisor,
  ) {}

  @Get()
  async read(@Query('hours') hours = '24') {
    const span = Number(hours);
    if (!Number.isInteger(span) || span < 1 || span > 720) {
      throw new GatewayError('invalid_request', '`hours` must be a whole number from 1 to 720.', {
        path: 'hours',
      });
    }
    const figures = await this.dashboard.read(span, Date.now());
    return {
      ...figures,
      instances: this.supervisor.list().filter(({ state }) => liveStates.has(state)),
    };
  }
}
