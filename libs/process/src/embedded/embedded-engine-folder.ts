import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Platforms with a binary of their own; each has a manifest folder with exact versions. */
const supported = new Set([
  'linux-x64',
  'linux-arm64',
  'darwin-arm64',
  'darwin-x64',
  'win32-x64',
  'win32-arm64',
]);

/** Compiled and source trees lie at different depths below the folder. */
const candidates = ['../../embedded-engine', '../../../../../libs/process/embedded-engine'];

export const platformName = `${process.platform}-${process.arch}`;

export const isPlatformSupported = supported.has(platformName);

/** Where the packages of the embedded engine for this platform are installed. */
export function embeddedEngineFolder(): string {
  const folders = candidates.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const root = folders.find((folder) => existsSync(folder)) ?? folders[0] ?? '';
  return join(root, platformName);
}
