import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/process-checks.js';
import { shippedEngines } from '../engines.js';
import { findEngines as findAmong } from './find-engines.js';

const presets = shippedEngines({ embedded: { engineFolder: '/nowhere' } });
const findEngines = (environment: Readonly<Record<string, string | undefined>>) =>
  findAmong(presets, environment);

function program(folder: string, name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

const systemPath = '/usr/bin:/bin';

describe('findEngines', () => {
  it('finds programs on the search path, in its order, with their versions', async () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    const path = program(first, 'llama-server', 'echo "version: 9876 (abc)" >&2');
    program(second, 'llama-server', 'echo "version: 1"');
    const vllm = program(second, 'vllm', 'echo 0.11.2');
    const found = await findEngines({ PATH: `${first}:${second}:${systemPath}` });
    expect(found).toContainEqual({ id: 'llama-server', path, version: '9876' });
    expect(found).toContainEqual({ id: 'vllm', path: vllm, version: '0.11.2' });
  });

  it('hands over no variable but the search path', async () => {
    const folder = temporaryFolder();
    program(folder, 'ollama', 'test -z "$OPENAI_API_KEY" && echo 1.2.3');
    const found = await findEngines({ PATH: `${folder}:${systemPath}`, OPENAI_API_KEY: 'sk-x' });
    expect(found).toContainEqual(expect.objectContaining({ id: 'ollama', version: '1.2.3' }));
  });

  it('does not wait long for a version, even when the program left another behind', async () => {
    const folder = temporaryFolder();
    const path = program(folder, 'vllm', 'sleep 8 & wait');
    const startedAt = performance.now();
    const found = await findEngines({ PATH: `${folder}:${systemPath}` });
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(found).toContainEqual({ id: 'vllm', path, version: null });
  });

  it('passes over folders and files that cannot be run, and folders relative to nothing', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'vllm'), 'no program', { mode: 0o644 });
    expect(await findEngines({ PATH: `${folder}:.:missing` })).toEqual([]);
    expect(await findEngines({})).toEqual([]);
  });
});
