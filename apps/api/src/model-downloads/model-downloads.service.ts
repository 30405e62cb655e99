import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { GatewayError } from '#translation';
import { randomUUID } from 'node:crypto';
import type { Repository } from 'typeorm';
import { orNotFound } from '../common/management/not-found.js';
import { AppConfig } from '../config/app-config.js';
import { LocalModel } from '../models/local-model.entity.js';
import { removeFromCache } from './cache/remove-from-cache.js';
import { mayCommand, type Command } from './course/download-state.js';
import type { DownloadJob } from './download-job.js';
import { DownloadRunner } from './download-runner.service.js';
import type { CreateModelDownloadDto } from './model-download.dto.js';
import { ModelDownload, type WantedFile } from './model-download.entity.js';

/** What an administrator may do with downloads. */
@Injectable()
export class ModelDownloadsService {
  constructor(
    private readonly runner: DownloadRunner,
    private readonly config: AppConfig,
    @InjectRepository(ModelDownload) private readonly rows: Repository<ModelDownload>,
    @InjectRepository(LocalModel) private readonly models: Repository<LocalModel>,
  ) {}

  find(id: string): DownloadJob | undefined {
    return this.runner.find(id);
  }

  get(id: string): DownloadJob {
    return orNotFound(this.find(id) ?? null, 'download');
  }

  async create(fields: CreateModelDownloadDto): Promise<DownloadJob> {
    this.assertEnabled();
    const { repository, revision = 'main' } = fields;
    const pattern = fields.files ?? null;
    const now = Date.now();
    const row: ModelDownload = Object.assign(new ModelDownload(), {
      id: randomUUID(),
      repository,
      revision,
      pattern,
      commitHash: null,
      state: 'queued',
      files: null,
      errorCode: null,
      errorMessage: null,
      createdAt: now,
      updatedAt: now,
      finishedAt: null,
    });
    this.refuseSame(row);
    await this.rows.insert(row);
    return this.runner.begin(row);
  }

  /** @throws GatewayError `conflict` when the download is in no state for it */
  async command(id: string, command: Command): Promise<DownloadJob> {
    const job = this.get(id);
    if (command === 'resume') this.assertEnabled();
    if (!mayCommand(command, job.state))
      throw new GatewayError(
        'conflict',
        `This download is ${job.row.state} and cannot be ${pastTense[command]} now.`,
      );
    job.send({ type: command });
    // work lets go at once, apart from what the disk is busy with; a resumed one answers as it begins
    if (command !== 'resume') await job.whenIdle();
    await this.runner.flush();
    return job;
  }

  /** Takes the download away, and its files unless they are to be kept. @throws GatewayError `conflict` */
  async remove(id: string, keepsFiles: boolean): Promise<DownloadJob> {
    const job = this.get(id);
    const { row } = job;
    if (!keepsFiles) await this.refuseUsedFiles(row);
    if (mayCommand('cancel', job.state)) job.send({ type: 'cancel' });
    await job.whenIdle();
    await this.runner.remove(job);
    if (!keepsFiles && row.commitHash !== null) {
      const others = this.othersOf(row).flatMap((other) => other.row.files ?? []);
      const heldHashes = new Set(others.map(({ hash }) => hash));
      const cache = this.runner.work.cacheOf(row);
      await removeFromCache(cache, row.commitHash, this.ownFiles(row), heldHashes);
      for (const other of this.othersOf(row)) other.inherit(row);
    }
    return job;
  }

  private othersOf({ id, repository }: ModelDownload): DownloadJob[] {
    return this.runner.all().filter(({ row }) => row.repository === repository && row.id !== id);
  }

  /** Those that the download brought and that no other one holds. */
  private ownFiles(row: ModelDownload): WantedFile[] {
    const others = this.othersOf(row).filter((other) => other.row.commitHash === row.commitHash);
    const held = new Set(
      others.flatMap((other) => (other.row.files ?? []).map(({ path }) => path)),
    );
    return (row.files ?? []).filter(({ wasThere, path }) => !wasThere && !held.has(path));
  }

  private async refuseUsedFiles(row: ModelDownload): Promise<void> {
    if (row.commitHash === null) return;
    const cache = this.runner.work.cacheOf(row);
    const snapshot = cache.snapshotFolder(row.commitHash);
    const paths = new Set([
      snapshot,
      ...this.ownFiles(row).map((file) => cache.filePath(row.commitHash ?? '', file)),
    ]);
    const users = (await this.models.find()).filter(({ modelPath }) => paths.has(modelPath ?? ''));
    if (users.length === 0) return;
    throw new GatewayError(
      'conflict',
      `Its files are used by the local model ${users.map(({ name }) => `\`${name}\``).join(', ')}. Delete that first, or keep the files (?keepFiles=true).`,
    );
  }

  private refuseSame({ repository, revision, pattern }: ModelDownload): void {
    const same = this.runner
      .all()
      .find(
        ({ row }) =>
          row.repository === repository && row.revision === revision && row.pattern === pattern,
      );
    // what is done may be fetched again: the branch may have moved
    if (same === undefined || same.row.state === 'done') return;
    throw new GatewayError(
      'conflict',
      `There is a download of the same files already, and it is ${same.row.state}. Resume or delete that one.`,
    );
  }

  private assertEnabled(): void {
    if (this.config.isModelDownloadEnabled) return;
    throw new GatewayError(
      'permission_denied',
      'Model downloads are switched off on this host. Start the gateway with SPILLWAY_MODEL_DOWNLOADS=on to allow them.',
    );
  }
}

const pastTense: Readonly<Record<Command, string>> = {
  pause: 'paused',
  resume: 'resumed',
  cancel: 'cancelled',
};
