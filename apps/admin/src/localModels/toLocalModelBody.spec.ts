import { describe, expect, it } from 'vitest';
import { toLocalModelBody } from './toLocalModelBody.js';

const form = { name: 'm', modelPath: '/m.gguf', endpoint: 'http://127.0.0.1:1', idleStopMs: 1 };

describe('toLocalModelBody', () => {
  it('sends no file for an attached server', () => {
    expect(toLocalModelBody({ ...form, engine: 'attached' })).toEqual({
      name: 'm',
      engine: 'attached',
      endpoint: 'http://127.0.0.1:1',
    });
  });

  it('sends no address for an engine Spillway starts', () => {
    expect(toLocalModelBody({ ...form, engine: 'llama-server' })).toEqual({
      name: 'm',
      engine: 'llama-server',
      modelPath: '/m.gguf',
      idleStopMs: 1,
    });
  });
});
