import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  embeddedEngineFolder,
  isPlatformSupported,
  platformName,
} from './embedded-engine-folder.js';

export interface EmbeddedEngineStatus {
  readonly isInstalled: boolean;
  readonly version: string | null;
  readonly folder: string;
  readonly isPlatformSupported: boolean;
  /** Why it cannot be used now, with what to do; null when it can. */
  readonly reason: string | null;
}

/** Whether the embedded engine can be used on this machine. */
export async function embeddedEngineStatus(): Promise<EmbeddedEngineStatus> {
  const folder = embeddedEngineFolder();
  const version = await installedVersion(folder);
  return {
    isInstalled: version !== null,
    version,
    folder,
    isPlatformSupported,
    reason: reasonFor(version, folder),
  };
}

function reasonFor(version: string | null, folder: string): string | null {
  if (!isPlatformSupported) return `there is no binary for ${platformName}`;
  return version === null
    ? `it is not installed: run "npm ci --ignore-scripts" in ${folder}`
    : null;
}

/** npm writes its own list of what it installed last of all: without it the installation was cut off. */
async function installedVersion(folder: string): Promise<string | null> {
  try {
    const text = await readFile(join(folder, 'node_modules/.package-lock.json'), 'utf8');
    const { packages } = JSON.parse(text) as { packages?: Record<string, { version?: unknown }> };
    const version = packages?.['node_modules/node-llama-cpp']?.version;
    return typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}
