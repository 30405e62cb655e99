import { EgressClient, ModelHub } from '#adapters';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { assertFreeSpace } from './cache/assert-free-space.js';
import { HubCache } from './cache/hub-cache.js';
import { PieceWriter } from './cache/piece-writer.js';
import { chooseFiles } from './choice/choose-files.js';
import { HubTokens } from './hub-token.service.js';
import type { ModelDownload, WantedFile } from './model-download.entity.js';

/** What a download is, apart from how it goes. */
export type DownloadTask = Pick<
  ModelDownload,
  'repository' | 'revision' | 'pattern' | 'commitHash' | 'files'
>;

export interface Transfer {
  readonly signal: AbortSignal;
  /** The file begins to come, from the offset on. */
  onBegin(offset: number, etag: string | null): void;
  onBytes(byteCount: number): void;
}

/** The pieces of work of a download, each of which may be done again. All throw what `describeDownloadFailure` reads. */
@Injectable()
export class DownloadWork {
  private readonly hub: ModelHub;
  private readonly cacheFolder: string;

  constructor(egress: EgressClient, config: AppConfig, tokens: HubTokens) {
    const { url, allowPrivateNetwork, cacheFolder } = config.hub;
    this.hub = new ModelHub(egress, { url, allowPrivateNetwork }, () => tokens.current());
    this.cacheFolder = cacheFolder;
  }

  cacheOf({ repository }: Pick<ModelDownload, 'repository'>): HubCache {
    return new HubCache(this.cacheFolder, repository);
  }

  /** Asks the hub which commit the revision is, and which of its files are wanted. */
  async resolve(
    task: DownloadTask,
    signal: AbortSignal,
  ): Promise<{ commitHash: string; files: WantedFile[] }> {
    const { repository, revision, pattern } = task;
    const commitHash = await this.hub.resolveRevision({ repository, revision }, signal);
    const listed = await this.hub.listFiles({ repository, revision: commitHash }, signal);
    const cache = this.cacheOf(task);
    const files = chooseFiles(listed, pattern).map(async (file) => {
      const wasThere = await cache.isComplete(commitHash, file);
      return { ...file, etag: null, wasThere };
    });
    return { commitHash, files: await Promise.all(files) };
  }

  /** Bytes on the disk, by place in the list of files. */
  async measure(task: DownloadTask): Promise<number[]> {
    const cache = this.cacheOf(task);
    const { commitHash, files } = task;
    if (files === null || commitHash === null) return [];
    const sizes = files.map(async (file) =>
      (await cache.isComplete(commitHash, file)) ? file.sizeBytes : cache.partialBytes(file),
    );
    return Promise.all(sizes);
  }

  /** Places of the files that are to be fetched, once the disk has room for them. */
  async check(task: DownloadTask): Promise<number[]> {
    const cache = this.cacheOf(task);
    const { commitHash, files } = resolved(task);
    const missing = new Map<string, number>();
    let neededBytes = 0;
    for (const [place, file] of files.entries()) {
      // the same content under two names is fetched once
      if (missing.has(file.hash) || (await cache.isComplete(commitHash, file))) continue;
      missing.set(file.hash, place);
      neededBytes += file.sizeBytes - (await cache.partialBytes(file));
    }
    await assertFreeSpace(await cache.makeFolder(), neededBytes);
    return [...missing.values()];
  }

  /** Fetches what is missing of a file and makes it durable, not yet under its own name. */
  async download(task: DownloadTask, place: number, transfer: Transfer): Promise<void> {
    const { commitHash, files } = resolved(task);
    const file = fileAt(files, place);
    const handle = await this.cacheOf(task).openPartial(file);
    try {
      const { size } = await handle.stat();
      const offset = size > file.sizeBytes ? 0 : size;
      if (offset < file.sizeBytes || size > file.sizeBytes) {
        const question = { repository: task.repository, revision: commitHash, file };
        const body = await this.hub
          .openFile({ ...question, offset, etag: file.etag }, transfer.signal)
          .catch(async (error: unknown) => {
            // whatever the server minds about the rest, the next try asks for all of it
            if ((error as { code?: unknown }).code === 'bad_answer') await handle.truncate(0);
            throw error;
          });
        const writer = new PieceWriter(handle, body.offset, (bytes) => transfer.onBytes(bytes));
        try {
          await handle.truncate(body.offset);
          transfer.onBegin(body.offset, body.etag);
          for await (const piece of body.pieces) await writer.add(piece);
        } finally {
          body.discard();
          // what came before a connection broke stays
          await writer.finish();
        }
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  async verify(task: DownloadTask, place: number, signal: AbortSignal): Promise<void> {
    await this.cacheOf(task).accept(fileAt(resolved(task).files, place), signal);
  }

  /** Shows the files in the snapshot, all at once or nearly so, and says which commit the revision is. */
  async publish(task: DownloadTask): Promise<void> {
    const cache = this.cacheOf(task);
    const { commitHash, files } = resolved(task);
    for (const file of files) await cache.link(commitHash, file);
    await cache.writeRef(task.revision, commitHash);
  }

  /** Removes what came of files that are not complete. */
  async discard(task: DownloadTask): Promise<void> {
    const cache = this.cacheOf(task);
    for (const file of task.files ?? []) await cache.dropPartial(file);
  }
}

function resolved({ commitHash, files }: DownloadTask): {
  commitHash: string;
  files: readonly WantedFile[];
} {
  if (commitHash === null || files === null) throw new Error('the files are not known yet');
  return { commitHash, files };
}

function fileAt(files: readonly WantedFile[], place: number): WantedFile {
  const file = files[place];
  if (file === undefined) throw new Error(`there is no file ${place}`);
  return file;
}
