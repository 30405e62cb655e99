import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/process-checks.js';
import { embeddedEngineFolder } from './embedded-engine-folder.js';
import { installEmbeddedEngine } from './install-embedded-engine.js';

/** Stands in for npm and installs nothing. */
function fakeNpm(script: string): string {
  const path = join(temporaryFolder(), 'npm-cli.js');
  writeFileSync(path, script);
  return path;
}

async function install(
  script: string,
  environment: Record<string, string> = {},
  signal?: AbortSignal,
) {
  const lines: string[] = [];
  await installEmbeddedEngine({
    onLine: (line) => lines.push(line),
    environment: { PATH: process.env['PATH'], ...environment, npm_execpath: fakeNpm(script) },
    ...(signal === undefined ? {} : { signal }),
  });
  return lines;
}

describe('installEmbeddedEngine', () => {
  it('has npm install what the lockfile names, without its scripts, in the folder of the engine', async () => {
    const lines = await install(
      'console.log(process.argv.slice(2).join(" ")); console.log(process.cwd())',
    );
    expect(lines[0]).toMatch(/^ci --ignore-scripts /);
    expect(lines[1]).toBe(embeddedEngineFolder());
  });

  it('keeps keys of the gateway from npm', async () => {
    const lines = await install('console.log(Object.keys(process.env).sort().join())', {
      OPENAI_API_KEY: 'sk-x',
      NPM_TOKEN: 't',
      https_proxy: 'http://127.0.0.1:9',
    });
    expect(lines.join()).not.toMatch(/KEY|TOKEN|npm_execpath/);
    expect(lines.join()).toContain('https_proxy');
  });

  it('tells lines as they come, whole, up to the last one', async () => {
    const script =
      'process.stdout.write("on"); setTimeout(() => process.stdout.write("e\\ntwo"), 30)';
    expect(await install(script)).toEqual(['one', 'two']);
  });

  it('fails with the last words of npm', async () => {
    const script = 'console.error("npm error 404"); process.exitCode = 7';
    await expect(install(script)).rejects.toThrow(/code 7: npm error 404/);
  });

  it('ends npm when it is aborted', async () => {
    const startedAt = performance.now();
    const waiting = install('setTimeout(() => undefined, 20000)', {}, AbortSignal.timeout(200));
    await expect(waiting).rejects.toThrow(/abort|npm/i);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
