import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isPinned, isRaised, openFileLimit } from './placement.mjs';

/** @param {string} relative @returns {string} first digits of the file's SHA-256 */
function fingerprint(relative) {
  const path = fileURLToPath(new URL(relative, import.meta.url));
  return existsSync(path)
    ? createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12)
    : '-';
}

/** Everything needed to know whether two reports may be compared. @param {boolean} pollsWhileIdle */
export function machine(pollsWhileIdle) {
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.versions.node,
    pinned: isPinned,
    raisedPriority: isRaised,
    pollsWhileIdle,
    openFiles: openFileLimit(),
    loadAverage: loadavg()[0] ?? 0,
    commit: commit.status === 0 ? commit.stdout.trim() : '-',
    lockFiles: {
      product: fingerprint('../../package-lock.json'),
      peers: fingerprint('../peers/package-lock.json'),
    },
  };
}
