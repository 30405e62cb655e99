import { Supervisor } from '#process';
import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

/** Regular looks at the engines: does each still work, what does it tell, and is anything running that should not be? */
@Injectable()
export class ProcessSweepsTask {
  private readonly logger = new Logger(ProcessSweepsTask.name);
  private isSweeping = false;

  constructor(private readonly supervisor: Supervisor) {}

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
  }

  /** Reads do not wait for each other: an engine that is slow to tell holds up only its own figures. */
  @Interval(5_000)
  async readFigures(): Promise<void> {
    try {
      await this.supervisor.readFigures();
    } catch (error) {
      this.logger.warn(`the figures of the engines could not be read: ${String(error)}`);
    }
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
