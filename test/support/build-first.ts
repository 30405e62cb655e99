import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Child processes (engines, the guardian, the gateway itself) run from the build, so it must be there and fresh. */
export function setup(): void {
  const script = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [script, '--if-needed'], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the build failed');
}
