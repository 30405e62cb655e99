import { describe, expect, it } from 'vitest';
import { childEnvironment } from './child-environment.js';

describe('childEnvironment', () => {
  it('passes what engines need', () => {
    const needed = {
      PATH: '/bin',
      HOME: '/h',
      LANG: 'C',
      TMPDIR: '/t',
      CUDA_PATH: 'c',
      HIP_X: 'h',
      GGML_N: '1',
    };
    expect(childEnvironment(needed)).toEqual(needed);
  });

  it.each([
    'OPENAI_API_KEY',
    'SPILLWAY_MASTER_KEY',
    'LLAMA_API_KEY',
    'CUDA_SECRET',
    'HIP_TOKEN',
    'GGML_PASSWORD',
    'NODE_OPTIONS',
    'LD_PRELOAD',
    'LLAMA_ARG_HOST',
    'LLAMA_SERVER_ROUTER_PORT',
    'SPILLWAY_INSTANCE',
  ])('holds back %s', (name) => {
    expect(childEnvironment({ [name]: 'x' })).toEqual({});
  });

  it('leaves out variables without a value', () => {
    expect(childEnvironment({ PATH: undefined })).toEqual({});
  });
});
