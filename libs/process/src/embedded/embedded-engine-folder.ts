import { join } from 'node:path';
import { packageRoot } from '../launch/package-root.js';

/** Platforms with a binary of their own; each has a manifest folder with exact versions. */
const supported = new Set([
  'linux-x64',
  'linux-arm64',
  'darwin-arm64',
  'darwin-x64',
  'win32-x64',
  'win32-arm64',
]);

export const platformName = `${process.platform}-${process.arch}`;

export const isPlatformSupported = supported.has(platformName);

/** Where the packages of the embedded engine for this platform are installed. */
export function embeddedEngineFolder(): string {
  return join(packageRoot(), 'libs/process/embedded-engine', platformName);
}
