import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { protocols, TestBed } from './test-bed.js';

interface TaskResult {
  readonly text?: string;
  readonly error?: string;
  /** What the tool was called with. */
  readonly cities: readonly string[];
}

const folder = fileURLToPath(new URL('../clients', import.meta.url));
const libraries = readdirSync(join(folder, 'libraries'))
  .map((file) => file.replace(/\.mjs$/, ''))
  .filter((name) => !name.startsWith('run-') && name !== 'weather-schema');

/** They are far larger than the gateway, so that only these tests install them; false where npm cannot. */
function installClients(): boolean {
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const stamp = join(folder, 'node_modules', '.installed-lock.json');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return true;
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    timeout: 240_000,
  });
  if (status === 0) writeFileSync(stamp, lock);
  return status === 0;
}

let bed: TestBed;
let isInstalled: boolean;
beforeAll(async () => {
  isInstalled = installClients();
  bed = await TestBed.open();
}, 300_000);
afterAll(() => bed.close());

describe('client libraries', () => {
  it.concurrent.each(libraries)(
    '%s calls a tool and reads its result over every upstream',
    async (library) => {
      // without a registry there is nothing to drive
      if (!isInstalled) return;
      const models = await Promise.all(
        protocols.map((protocol) => bed.route(protocol, 'tool-weather')),
      );
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['run-client.mjs', library, ...models],
        {
          cwd: folder,
          env: {
            PATH: process.env['PATH'],
            SPILLWAY_ORIGIN: bed.gateway.origin,
            SPILLWAY_KEY: bed.key,
          },
          timeout: 100_000,
        },
      );
      const results = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<
        string,
        TaskResult
      >;
      for (const model of models) {
        expect(results[model], model).toEqual({
          text: expect.stringContaining('The tool said: 21 degrees.') as string,
          cities: ['Paris'],
        });
      }
    },
    120_000,
  );
});
