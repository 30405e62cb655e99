import { describe, expect, it } from 'vitest';
import { toLocalModelBody } from './toLocalModelBody.js';

const form = { name: 'm', modelPath: '/m.gguf', endpoint: 'http://127.0.0.1:1', idleStopMs: 1 };
const supervision = { isPinned: true, keepWeight: 4, memoryBytes: 1, whenAbandoned: 'auto' };

describe('toLocalModelBody', () => {
  it('sends no file for an attached server', () => {
    expect(toLocalModelBody({ ...form, ...supervision, engine: 'attached' })).toEqual({
      name: 'm',
      engine: 'attached',
      endpoint: 'http://127.0.0.1:1',
    });
  });

  it('sends folder and name where an engine serves several models', () => {
    const sent = toLocalModelBody({ ...form, engine: 'localai', upstreamModel: 'tiny' });
    expect(sent).toMatchObject({ modelPath: '/m.gguf', upstreamModel: 'tiny' });
    expect(sent).not.toHaveProperty('endpoint');
  });

  it('sends the switch for sleeping only to an engine that has it', () => {
    const drowsy = { ...form, isSleepEnabled: true };
    expect(toLocalModelBody({ ...drowsy, engine: 'vllm' })).toMatchObject({ isSleepEnabled: true });
    expect(toLocalModelBody({ ...drowsy, engine: 'sglang' })).not.toHaveProperty('isSleepEnabled');
  });

  it('sends no address for an engine Spillway starts', () => {
    expect(toLocalModelBody({ ...form, ...supervision, engine: 'llama-server' })).toEqual({
      name: 'm',
      engine: 'llama-server',
      modelPath: '/m.gguf',
      idleStopMs: 1,
      ...supervision,
    });
  });
});
