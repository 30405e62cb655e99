import { createDarwinProcessTable } from './darwin-process-table.js';
import { createLinuxProcessTable } from './linux-process-table.js';
import type { ProcessTable } from './process-table.js';

/** The process table of this machine. Throws on platforms where processes cannot be identified safely. */
export function createProcessTable(platform: NodeJS.Platform = process.platform): ProcessTable {
  if (platform === 'linux') return createLinuxProcessTable();
  if (platform === 'darwin') return createDarwinProcessTable();
  throw new Error(`Local engines can be supervised on Linux and macOS, not on ${platform}.`);
}
