import { Module } from '@nestjs/common';
import { SpillOverAlarm } from './spill-over-alarm.service.js';

/** What the owner is told without asking. */
@Module({ providers: [SpillOverAlarm], exports: [SpillOverAlarm] })
export class AlarmsModule {}
