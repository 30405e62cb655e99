import { createHash, randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';

/** Names that tell the engines of one data folder, and of one run, from all others on the machine. */
export interface SupervisorIdentity {
  /** Start of every instance id of this data folder, whichever run made it. */
  readonly homePrefix: string;
  /** Start of every instance id of this run. */
  readonly runPrefix: string;
  readonly nextInstanceId: () => string;
}

/**
 * Instance ids are `sw-<data folder>-<run>-<number>`. They appear in the environment and on the command
 * line of engines, so nothing in them is secret.
 */
export function createSupervisorIdentity(dataDir: string): SupervisorIdentity {
  const home = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 10);
  const homePrefix = `sw-${home}-`;
  const runPrefix = `${homePrefix}${randomBytes(4).toString('hex')}-`;
  let count = 0;
  return { homePrefix, runPrefix, nextInstanceId: () => `${runPrefix}${++count}` };
}
