import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import { openDownload, type DownloadPhase, type DownloadState } from './course/download-state.js';
import { DownloadJob, type JobSurroundings } from './download-job.js';
import { DownloadWork } from './download-work.service.js';
import { HubTokens } from './hub-token.service.js';
import { ModelDownload } from './model-download.entity.js';

const restPhases = new Set<string>([
  'paused',
  'cancelled',
  'failed',
  'done',
] satisfies DownloadPhase[]);

/**
 * All downloads, of which one is at work at a time: the space one has been promised is not promised to another. What a
 * stop of the gateway interrupted goes on at the next start, or is paused when downloads are switched off.
 */
@Injectable()
export class DownloadRunner
  implements JobSurroundings, OnApplicationBootstrap, BeforeApplicationShutdown
{
  private readonly logger = new Logger(DownloadRunner.name);
  private readonly jobs = new Map<string, DownloadJob>();
  private readonly queue = new Set<DownloadJob>();
  private working: DownloadJob | null = null;
  private saving: Promise<void> = Promise.resolve();
  private isClosing = false;

  constructor(
    readonly work: DownloadWork,
    @InjectRepository(ModelDownload) private readonly rows: Repository<ModelDownload>,
    private readonly config: AppConfig,
    private readonly tokens: HubTokens,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.tokens.load();
    for (const row of await this.rows.find({ order: { createdAt: 'ASC' } })) await this.takeUp(row);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    await Promise.all([...this.jobs.values()].map((job) => job.shutDown()));
    await this.saving;
  }

  find(id: string): DownloadJob | undefined {
    return this.jobs.get(id);
  }

  all(): DownloadJob[] {
    return [...this.jobs.values()];
  }

  /** Begins a download whose row is durable. */
  begin(row: ModelDownload): DownloadJob {
    const job = new DownloadJob(row, openDownload(false), this);
    this.jobs.set(row.id, job);
    this.enqueue(job);
    return job;
  }

  /** Forgets a download that is not at work, and its row. */
  async remove(job: DownloadJob): Promise<void> {
    this.jobs.delete(job.row.id);
    this.queue.delete(job);
    await this.saving;
    await this.rows.delete({ id: job.row.id });
  }

  enqueue(job: DownloadJob): void {
    if (this.isClosing) return;
    this.queue.add(job);
    this.admit();
  }

  leave(job: DownloadJob): void {
    this.queue.delete(job);
    if (this.working === job) this.working = null;
    // whoever leaves has said all it had to say before the next one begins
    queueMicrotask(() => this.admit());
  }

  save({ row }: DownloadJob): void {
    const { id, ...fields } = row;
    this.saving = this.saving
      .then(() => (this.jobs.has(id) ? this.rows.update({ id }, fields) : undefined))
      .then(
        () => undefined,
        (error: unknown) => {
          this.logger.warn(`the state of the download ${id} could not be stored: ${String(error)}`);
        },
      );
  }

  /** Waits until what was changed is durable. */
  async flush(): Promise<void> {
    await this.saving;
  }

  private admit(): void {
    const [next] = this.queue;
    if (this.isClosing || this.working !== null || next === undefined) return;
    this.queue.delete(next);
    this.working = next;
    next.send({ type: 'admitted' });
  }

  private async takeUp(row: ModelDownload): Promise<void> {
    const wasBusy = !restPhases.has(row.state);
    const mayGoOn = wasBusy && this.config.isModelDownloadEnabled;
    const phase = wasBusy ? (mayGoOn ? 'queued' : 'paused') : (row.state as DownloadPhase);
    const job = new DownloadJob(row, stateOf(row, phase), this);
    this.jobs.set(row.id, job);
    await job.measure().catch((error: unknown) => {
      this.logger.warn(`the files of ${row.repository} cannot be looked at: ${String(error)}`);
    });
    if (row.state !== phase) {
      row.state = phase;
      this.save(job);
    }
    if (mayGoOn) this.enqueue(job);
  }
}

/** As far as the row tells. */
function stateOf(row: ModelDownload, phase: DownloadPhase): DownloadState {
  const { errorCode: code, errorMessage: message } = row;
  const failure =
    phase === 'failed' && code !== null && message !== null
      ? { code, message, kind: 'lasting' as const, retryAfterMs: null }
      : null;
  return { ...openDownload(row.files !== null), phase, failure };
}
