import { Supervisor } from '#process';
import { Controller, Get, Query } from '@nestjs/common';
import { SpillOverAlarm } from '../alarms/spill-over-alarm.service.js';
import { WholeNumberPipe } from '../common/management/whole-number.pipe.js';
import { DashboardService } from './dashboard.service.js';

const span = new WholeNumberPipe({ name: 'hours', min: 1, max: 720, fallback: 24 });

/** The figures on the panel's first page. */
@Controller('api/dashboard')
export class DashboardController {
  constructor(
    private readonly dashboard: DashboardService,
    private readonly supervisor: Supervisor,
    private readonly spillOver: SpillOverAlarm,
  ) {}

  @Get()
  async read(@Query('hours', span) hours: number) {
    const figures = await this.dashboard.read(hours, Date.now());
    return {
      ...figures,
      spillOverAlarm: this.spillOver.raised,
      instances: this.supervisor.list().filter(({ endedAt }) => endedAt === null),
    };
  }
}
