import { Supervisor } from '#process';
import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { InferenceMetrics } from '../common/inference-metrics.js';

/** Regular looks at the engines: does each still answer, and is anything running that should not be? */
@Injectable()
export class ProcessSweepsTask {
  private readonly logger = new Logger(ProcessSweepsTask.name);
  private isSweeping = false;

  constructor(
    private readonly supervisor: Supervisor,
    private readonly metrics: InferenceMetrics,
  ) {}

  @Interval(30_000)
  async sweepHealth(): Promise<void> {
    if (this.isSweeping) return;
    this.isSweeping = true;
    try {
      await this.supervisor.sweepHealth();
    } catch (error) {
      this.logger.warn(`the health sweep failed: ${String(error)}`);
    } finally {
      this.isSweeping = false;
    }
    this.metrics.instances.reset();
    for (const { state } of this.supervisor.list()) this.metrics.instances.inc({ state });
  }

  @Interval(300_000)
  async sweepOrphans(): Promise<void> {
    try {
      const { stopped } = await this.supervisor.sweepOrphans();
      if (stopped > 0) this.logger.warn(`stopped ${stopped} engine processes that nobody owned`);
    } catch (error) {
      this.logger.warn(`the orphan sweep failed: ${String(error)}`);
    }
  }
}
