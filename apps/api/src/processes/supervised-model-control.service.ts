import { Supervisor, type LocalModelSpec } from '#process';
import { Injectable, Logger } from '@nestjs/common';
import { LocalModelControl, type LocalModelStanding } from '../models/local-model-control.js';
import { asGatewayError } from './local-target.service.js';

/** Long enough to learn that it cannot be started, short enough for somebody who looks on. */
const warmAnswerMs = 1000;

/** Starts and stops local models for the panel. */
@Injectable()
export class SupervisedModelControl extends LocalModelControl {
  private readonly logger = new Logger(SupervisedModelControl.name);

  constructor(private readonly supervisor: Supervisor) {
    super();
  }

  override view(id: string): LocalModelStanding {
    const { state, reason, instance } = this.supervisor.view(id);
    // what it does for callers who have left keeps it from sleeping as well
    const leases = instance === null ? 0 : instance.leases + instance.abandoned;
    return { state, reason, leases };
  }

  override isLoadingPaused(): boolean {
    return this.supervisor.isLoadingPaused;
  }

  override configure(spec: LocalModelSpec): void {
    this.supervisor.configure(spec);
  }

  override async start(spec: LocalModelSpec): Promise<void> {
    try {
      await this.supervisor.start(spec);
    } catch (error) {
      throw asGatewayError(error);
    }
  }

  override async warm(spec: LocalModelSpec): Promise<void> {
    let answer: NodeJS.Timeout | undefined;
    const isEnough = new Promise<void>((resolve) => {
      answer = setTimeout(resolve, warmAnswerMs);
    });
    const started = this.start(spec);
    try {
      await Promise.race([started, isEnough]);
    } finally {
      clearTimeout(answer);
    }
    started.catch((error: unknown) => {
      this.logger.warn(`the local model ${spec.name} could not be loaded ahead: ${String(error)}`);
    });
  }

  override sleep(id: string): void {
    this.supervisor.sleep(id);
  }

  override unload(id: string): void {
    this.supervisor.unload(id);
  }

  override async stop(id: string): Promise<void> {
    await this.supervisor.stop(id);
  }

  override async forget(id: string): Promise<void> {
    await this.supervisor.stop(id, { force: true });
  }
}
