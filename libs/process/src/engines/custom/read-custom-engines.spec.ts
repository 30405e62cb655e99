import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeSpec } from '../../../test/fake-engine-preset.js';
import { temporaryFolder } from '../../../test/process-checks.js';
import { createCustomPreset } from '../custom.js';
import { readCustomEngines } from './read-custom-engines.js';

const command = '/opt/engine/bin/serve';
const entry = { command, args: ['--port', '{port}', '--model={modelPath}'] };

function folderWith(content: unknown, mode = 0o600): string {
  const folder = temporaryFolder();
  const path = join(folder, 'custom-engines.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(path, mode);
  return folder;
}

const read = (content: unknown, mode?: number) => readCustomEngines(folderWith(content, mode));
const faultsOf = (changes: object) => read({ engines: { mine: { ...entry, ...changes } } });

describe('readCustomEngines', () => {
  it('needs no file', async () => {
    expect(await readCustomEngines(temporaryFolder())).toEqual([]);
  });

  it('reads an engine, with safe defaults for what is not said', async () => {
    expect(await read({ engines: { mine: entry } }, 0o644)).toEqual([
      {
        id: 'custom-mine',
        title: 'mine',
        command,
        args: entry.args,
        env: {},
        modelForm: 'gguf-file',
        protocols: ['openai-chat'],
        readinessPath: '/health',
        servedModel: '{instanceId}',
        stopSignals: ['SIGTERM'],
        stopGraceMs: 10_000,
        cancelsOnDisconnect: true,
        abandonedWorkMs: 300_000,
      },
    ]);
  });

  it.each([0o620, 0o602, 0o666])('refuses a file others may write (%o)', async (mode) => {
    await expect(read({ engines: {} }, mode)).rejects.toThrow('chmod go-w');
  });

  it('refuses a link and a folder in its place', async () => {
    const folder = temporaryFolder();
    symlinkSync(
      join(folderWith({ engines: {} }), 'custom-engines.json'),
      join(folder, 'custom-engines.json'),
    );
    await expect(readCustomEngines(folder)).rejects.toThrow('it is a link');
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'not valid JSON'],
    ['another shape', [], 'one field, "engines"'],
    ['further fields', { engines: {}, version: 1 }, 'one field, "engines"'],
    ['a huge file', ' '.repeat(300_000), 'larger than 256 KiB'],
    [
      'many engines',
      { engines: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`e${n}`, entry])) },
      'more than 32',
    ],
    ['a bad name', { engines: { 'My Engine': entry } }, 'small letters'],
    ['a list as an engine', { engines: { mine: [] } }, 'must be an object'],
  ])('refuses %s', async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });

  it.each<[string, object, string]>([
    ['a relative program', { command: 'serve' }, '"command" must be the absolute path'],
    ['no program', { command: undefined }, '"command" must be a text'],
    ['arguments in one text', { args: '--port {port}' }, '"args" must be a list'],
    ['no place for the port', { args: [] }, 'where {port} goes'],
    ['an unknown word', { args: ['{port}', '{prompt}'] }, '{prompt} is not known'],
    ['a secret', { env: { HF_TOKEN: 'x' } }, 'may not hold secrets'],
    ['a variable of ours', { env: { SPILLWAY_INSTANCE: 'x' } }, "gateway's"],
    ['a broken variable', { env: { 'A=B': 'x' } }, 'name that is none'],
    ['a number as a variable', { env: { A: 1 } }, '"env" must be an object of texts'],
    ['an unknown field', { shell: true }, 'no field "shell"'],
    ['an unknown protocol', { protocols: ['soap'] }, '"protocols" must be a list of'],
    ['a path without a slash', { readinessPath: 'health' }, 'begins with /'],
    ['an endless grace', { stopGraceMs: 1e9 }, '"stopGraceMs" must be a whole number'],
    ['a signal that cannot be caught', { stopSignals: ['SIGKILL'] }, '"stopSignals"'],
    ['a model of another kind', { modelForm: 'url' }, '"modelForm" must be one of'],
  ])('refuses %s', async (_, changes, message) => {
    await expect(faultsOf(changes)).rejects.toThrow(message);
  });

  it('tells every fault at once', async () => {
    const both = faultsOf({ command: 'x', colour: 'red' });
    await expect(both).rejects.toThrow(/mine: "command"[^]*mine: there is no field "colour"/);
  });
});

describe('createCustomPreset', () => {
  it('fills in each argument by itself, once', async () => {
    const [engine] = await read({
      engines: { mine: { ...entry, env: { WHO: '{instanceId}' }, modelForm: 'model-name' } },
    });
    if (engine === undefined) throw new Error('no engine');
    const spec = fakeSpec({ modelPath: '/m/{port} --evil.gguf', upstreamModel: 'm' });
    const preset = createCustomPreset(engine);
    const plan = preset.launch({ spec, instanceId: 'sw-1', port: 7, file: command });
    expect(plan.args).toEqual(['--port', '7', '--model=/m/{port} --evil.gguf']);
    expect(plan.env).toEqual({ WHO: 'sw-1' });
    expect(preset.identity.servedModel({ data: [{ id: 'sw-1' }] }, spec, 'sw-1')).toBe('sw-1');
    expect(preset.identity.servedModel({ data: [{ id: 'm' }] }, spec, 'sw-1')).toBeNull();
  });
});
