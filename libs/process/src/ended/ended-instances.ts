import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LogRing } from '../child/log-ring.js';
import { writeFileAtomic } from '../child/write-file-atomic.js';
import type { InstanceView } from '../instance-view.js';
import type { KeptInstance } from '../instance/instance-registry.js';
import { formatEndedInstance, MAX_FILE_BYTES, parseEndedInstance } from './ended-instance-file.js';

const MAX_COUNT = 50;
const SUFFIX = '.json';

/**
 * Ended instances with their exit records and last lines, one file of at most 64 KiB each in `<dataDir>/ended`: what
 * was wrong must be readable after the gateway was started again.
 */
export class EndedInstances {
  readonly found: readonly KeptInstance[];
  /** Newest first. */
  readonly #kept: string[];
  #writing: Promise<void> = Promise.resolve();

  /** Reads what earlier runs left; files that are none of ours, or too many, are removed. */
  static async open(dataDir: string, maxCount = MAX_COUNT): Promise<EndedInstances> {
    const folder = join(dataDir, 'ended');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found: KeptInstance[] = [];
    for (const name of await readdir(folder)) {
      const instance = name.endsWith(SUFFIX) ? await read(join(folder, name)) : null;
      if (instance?.id === name.slice(0, -SUFFIX.length)) found.push(instance);
      else await rm(join(folder, name), { force: true, recursive: true });
    }
    const newest = found.sort((a, b) => endOf(b) - endOf(a));
    for (const { id } of newest.splice(maxCount)) await rm(join(folder, `${id}${SUFFIX}`));
    return new EndedInstances(folder, maxCount, newest);
  }

  private constructor(
    private readonly folder: string,
    readonly maxCount: number,
    found: readonly KeptInstance[],
  ) {
    this.found = found;
    this.#kept = found.map(({ id }) => id);
  }

  /** Writes an ended instance down, in the place of the oldest one. Not fatal when it cannot. */
  add(instance: KeptInstance): void {
    const text = formatEndedInstance(instance.view(), instance.log.since());
    this.#kept.unshift(instance.id);
    const dropped = this.#kept.splice(this.maxCount);
    this.#writing = this.#writing.then(async () => {
      await writeFileAtomic(this.#path(instance.id), text).catch(() => undefined);
      for (const id of dropped) await rm(this.#path(id), { force: true }).catch(() => undefined);
    });
  }

  /** Resolves when everything is on the disk. */
  flush(): Promise<void> {
    return this.#writing;
  }

  #path(instanceId: string): string {
    return join(this.folder, `${instanceId}${SUFFIX}`);
  }
}

function endOf(instance: KeptInstance): number {
  return instance.view().endedAt ?? 0;
}

async function read(path: string): Promise<KeptInstance | null> {
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES) return null;
  const parsed = parseEndedInstance(await readFile(path, 'utf8'));
  if (parsed === null) return null;
  const view: InstanceView = parsed.view;
  return { id: view.id, log: LogRing.restore(parsed.lines), view: () => view };
}
