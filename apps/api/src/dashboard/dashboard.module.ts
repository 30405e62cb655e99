import { Module } from '@nestjs/common';
import { AlarmsModule } from '../alarms/alarms.module.js';
import { DashboardController } from './dashboard.controller.js';
import { DashboardService } from './dashboard.service.js';

@Module({
  imports: [AlarmsModule],
  controllers: [DashboardController],
  providers: [DashboardService],
})
export class DashboardModule {}
