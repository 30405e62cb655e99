import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { firstIdAt } from '../common/time-ordered-id.js';
import { AppConfig } from '../config/app-config.js';
import {
  causesOfAlarm,
  describeSpillOver,
  type SpillOver,
  type SpillOverCause,
} from './spill-over.js';

const lookEveryMs = 60_000;
const hourMs = 3_600_000;

export interface RaisedAlarm extends SpillOver {
  readonly causes: readonly SpillOverCause[];
  readonly sinceMs: number;
}

/** Tells the owner, once, when more goes to paid providers than the host's settings allow for. It stops nothing: budgets do. */
@Injectable()
export class SpillOverAlarm {
  private readonly logger = new Logger(SpillOverAlarm.name);
  private alarm: RaisedAlarm | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: AppConfig,
  ) {}

  get raised(): RaisedAlarm | null {
    return this.alarm;
  }

  @Interval(lookEveryMs)
  async look(nowMs = Date.now()): Promise<void> {
    const { spillOverLimits: limits } = this.config;
    if (limits.percent === null && limits.nanosPerHour === null) return;
    try {
      const figures = await this.read(nowMs);
      const causes = causesOfAlarm(figures, limits, this.alarm?.causes ?? []);
      if (causes.length === 0) this.clear(figures);
      else this.raise(figures, causes, nowMs);
    } catch (error) {
      this.logger.warn(`the spill-over of the last hour could not be added up: ${String(error)}`);
    }
  }

  private raise(figures: SpillOver, causes: readonly SpillOverCause[], nowMs: number): void {
    const { alarm } = this;
    const isNew = causes.some((cause) => alarm?.causes.includes(cause) !== true);
    if (isNew)
      this.logger.warn(`spill-over alarm (${causes.join(', ')}): ${describeSpillOver(figures)}`);
    this.alarm = { ...figures, causes, sinceMs: alarm?.sinceMs ?? nowMs };
  }

  private clear(figures: SpillOver): void {
    if (this.alarm !== null)
      this.logger.log(`spill-over alarm over: ${describeSpillOver(figures)}`);
    this.alarm = null;
  }

  /** Free machines of the owner's own are no spill-over. */
  private async read(nowMs: number): Promise<SpillOver> {
    const [row] = await this.dataSource.query<Record<keyof SpillOver, number | null>[]>(
      `SELECT SUM(CASE WHEN local_state IS NOT NULL AND served_kind IS NOT NULL THEN 1 ELSE 0 END) AS requests,
         SUM(CASE WHEN local_state IS NOT NULL AND served_kind = 'provider' AND cost_status <> 'free' THEN 1 ELSE 0 END) AS spilled,
         SUM(COALESCE(cost_nanos, 0)) AS "costNanos",
         SUM(CASE WHEN cost_status = 'unknown' THEN 1 ELSE 0 END) AS "unknownCosts"
       FROM request_logs WHERE id >= ?`,
      [firstIdAt(nowMs - hourMs)],
    );
    const figure = (name: keyof SpillOver): number => Number(row?.[name] ?? 0);
    return {
      requests: figure('requests'),
      spilled: figure('spilled'),
      costNanos: figure('costNanos'),
      unknownCosts: figure('unknownCosts'),
    };
  }
}
