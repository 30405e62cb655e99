import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeSpec } from '../../test/fake-engine-preset.js';
import { temporaryFolder } from '../../test/process-checks.js';
import { createEmbeddedPreset } from './embedded.js';

describe('the embedded preset', () => {
  it('starts its script in a Node process that ends with its standard input', () => {
    const preset = createEmbeddedPreset({ entry: '/app/main.js', engineFolder: '/engine' });
    const spec = fakeSpec({ modelPath: '/m.gguf', contextTokens: 2048, parallelSlots: 2 });
    const plan = preset.launch({ spec, instanceId: 'sw-a-b-1', port: 0, file: '/usr/bin/node' });
    expect(plan).toMatchObject({ file: '/usr/bin/node', stdin: 'pipe' });
    expect(plan.args.join(' ')).toBe(
      '/app/main.js --model /m.gguf --port 0 --alias sw-a-b-1 --context 2048 --parallel 2',
    );
  });

  it('does not end with its standard input where it may outlive its gateway', () => {
    const preset = createEmbeddedPreset({ entry: '/app/main.js', engineFolder: '/engine' });
    const context = { spec: fakeSpec(), instanceId: 'sw-1', port: 0, file: 'node' };
    const plan = preset.launch({ ...context, mayOutlive: true });
    expect(plan.stdin).toBe('ignore');
    expect(plan.args).toContain('--outlive');
  });

  it('reads its port from the announcement alone', () => {
    const { announcedPort } = createEmbeddedPreset();
    expect(announcedPort('spillway-embedded listening on http://127.0.0.1:40123')).toBe(40123);
    expect(announcedPort('listening on http://127.0.0.1:40123')).toBeNull();
    expect(announcedPort('spillway-embedded listening on http://10.0.0.1:80')).toBeNull();
  });

  it('is available when its packages are installed and its script is built', async () => {
    const engineFolder = temporaryFolder();
    const entry = join(engineFolder, 'main.js');
    const detect = () => createEmbeddedPreset({ entry, engineFolder }).detect({});
    expect((await detect()).reason).toContain(`npm ci --ignore-scripts" in ${engineFolder}`);
    mkdirSync(join(engineFolder, 'node_modules', 'node-llama-cpp'), { recursive: true });
    expect((await detect()).reason).toContain('npm run build');
    writeFileSync(entry, '');
    expect(await detect()).toMatchObject({ isAvailable: true, path: process.execPath });
  });
});
