import { Logger } from '@nestjs/common';
import { advanceDownload } from './course/advance-download.js';
import type { DownloadEffect, DownloadEvent } from './course/download-event.js';
import type { DownloadState } from './course/download-state.js';
import { describeDownloadFailure } from './download-failure.js';
import type { DownloadWork } from './download-work.service.js';
import type { ModelDownload } from './model-download.entity.js';
import { TransferMeter } from './transfer-meter.js';

/** Whom a job needs besides its work. */
export interface JobSurroundings {
  readonly work: DownloadWork;
  enqueue(job: DownloadJob): void;
  leave(job: DownloadJob): void;
  /** Makes the row durable, in the order of the calls. */
  save(job: DownloadJob): void;
}

type Work = Extract<DownloadEffect, { readonly type: 'work' }>;

/** One download: takes what happens to its course and does what that says. */
export class DownloadJob {
  private readonly logger = new Logger(DownloadJob.name);
  private readonly meter = new TransferMeter();
  private stop = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  /** Bytes on the disk, by place in the list of files. */
  private haveBytes: number[] = [];
  private filePlace: number | null = null;

  constructor(
    readonly row: ModelDownload,
    public state: DownloadState,
    private readonly surroundings: JobSurroundings,
  ) {}

  get doneBytes(): number {
    return this.haveBytes.reduce((sum, bytes) => sum + bytes, 0);
  }

  get filesDone(): number {
    const { files } = this.row;
    return (files ?? []).filter(({ sizeBytes }, place) => this.haveBytes[place] === sizeBytes)
      .length;
  }

  get bytesPerSecond(): number | null {
    return this.state.phase === 'downloading' ? this.meter.bytesPerSecond(performance.now()) : null;
  }

  get currentFile(): string | null {
    const { phase } = this.state;
    const isBusy = phase === 'downloading' || phase === 'verifying';
    return isBusy ? (this.row.files?.[this.filePlace ?? -1]?.path ?? null) : null;
  }

  /** Looks at the disk for how much is there. */
  async measure(): Promise<void> {
    this.haveBytes = await this.surroundings.work.measure(this.row);
  }

  /** What another download had brought, and this one found, goes with this one when the other is gone. */
  inherit({ files }: Pick<ModelDownload, 'files'>): void {
    const brought = (files ?? []).filter(({ wasThere }) => !wasThere).map(({ hash }) => hash);
    if (this.row.files?.some(({ hash, wasThere }) => wasThere && brought.includes(hash)) !== true)
      return;
    this.row.files = this.row.files.map((file) =>
      brought.includes(file.hash) ? { ...file, wasThere: false } : file,
    );
    this.surroundings.save(this);
  }

  send(event: DownloadEvent): void {
    const before = this.state;
    const { state, effects } = advanceDownload(before, event);
    this.state = state;
    if (state !== before) this.note(state);
    for (const effect of effects) this.run(effect);
  }

  /** Resolves when nothing is being done for it any more. */
  async whenIdle(): Promise<void> {
    for (let seen: Promise<void> | null = null; seen !== this.running;) {
      seen = this.running;
      await seen;
    }
  }

  /** No timer and no work of it may outlive the gateway. */
  async shutDown(): Promise<void> {
    this.send({ type: 'shut-down' });
    this.disarm();
    await this.whenIdle();
  }

  private run(effect: DownloadEffect): void {
    switch (effect.type) {
      case 'enqueue':
        return this.surroundings.enqueue(this);
      case 'leave':
        return this.surroundings.leave(this);
      case 'work':
        this.stop = new AbortController();
        this.running = this.perform(effect, this.stop.signal);
        return;
      case 'abort':
        return this.stop.abort();
      case 'arm':
        this.timer = setTimeout(() => {
          this.send({ type: 'due', turn: effect.turn });
        }, effect.delayMs);
        return;
      case 'disarm':
        return this.disarm();
      case 'discard':
        this.running = this.discard();
    }
  }

  private async perform(work: Work, signal: AbortSignal): Promise<void> {
    const { turn } = work;
    let answer: DownloadEvent;
    try {
      answer = await this.answerOf(work, signal);
    } catch (error) {
      if (signal.aborted) answer = { type: 'stopped', turn };
      else {
        const failure = describeDownloadFailure(error);
        this.logger.warn(`${this.row.repository}: ${failure.message}`);
        answer = { type: 'failed', turn, failure, now: performance.now(), jitter: Math.random() };
      }
    }
    this.send(answer);
  }

  private async answerOf(work: Work, signal: AbortSignal): Promise<DownloadEvent> {
    const { turn, phase } = work;
    const { work: does } = this.surroundings;
    switch (phase) {
      case 'resolving':
        Object.assign(this.row, await does.resolve(this.row, signal));
        return { type: 'resolved', turn };
      case 'checking':
        await this.measure();
        return { type: 'checked', turn, missing: await does.check(this.row) };
      case 'downloading':
        await this.download(work, signal);
        return { type: 'downloaded', turn };
      case 'verifying':
        await this.verify(work, signal);
        return { type: 'verified', turn };
      case 'publishing':
        await does.publish(this.row);
        await this.measure();
        return { type: 'published', turn };
    }
  }

  private download({ turn, file }: Work, signal: AbortSignal): Promise<void> {
    const place = file ?? -1;
    this.filePlace = place;
    return this.surroundings.work.download(this.row, place, {
      signal,
      onBegin: (offset, etag) => {
        this.haveBytes[place] = offset;
        if (this.row.files?.[place]?.etag === etag) return;
        this.row.files = (this.row.files ?? []).map((each, index) =>
          index === place ? { ...each, etag } : each,
        );
        this.surroundings.save(this);
      },
      onBytes: (byteCount) => {
        this.haveBytes[place] = (this.haveBytes[place] ?? 0) + byteCount;
        this.meter.note(byteCount, performance.now());
        if (this.state.failure !== null) this.send({ type: 'progressed', turn });
      },
    });
  }

  private async verify({ file }: Work, signal: AbortSignal): Promise<void> {
    const place = file ?? -1;
    try {
      await this.surroundings.work.verify(this.row, place, signal);
    } catch (error) {
      if (!signal.aborted) this.haveBytes[place] = 0;
      throw error;
    }
  }

  private async discard(): Promise<void> {
    try {
      await this.surroundings.work.discard(this.row);
      await this.measure();
    } catch (error) {
      this.logger.warn(`${this.row.repository}: ${describeDownloadFailure(error).message}`);
    }
  }

  private disarm(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private note({ phase, stopFor, failure }: DownloadState): void {
    this.row.state = phase === 'stopping' ? (stopFor ?? phase) : phase;
    this.row.errorCode = failure?.code ?? null;
    this.row.errorMessage = failure?.message ?? null;
    this.row.updatedAt = Date.now();
    if (phase === 'done') this.row.finishedAt = this.row.updatedAt;
    this.surroundings.save(this);
  }
}
