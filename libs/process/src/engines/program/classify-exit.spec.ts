import { describe, expect, it } from 'vitest';
import { classifyExit } from './classify-exit.js';

const exit = (lastLines: string[], rest = {}) =>
  classifyExit({ lastLines, code: 1, signal: null, wasReady: false, ...rest });

describe('classifyExit', () => {
  it.each([
    'CUDA error: out of memory',
    'ggml_backend_cuda_buffer_type_alloc_buffer: allocating 999 MiB: cudaMalloc failed',
    'llama_model_load: error loading model: mmap failed: Cannot allocate memory',
    'insufficient memory (attempted to allocate 12 MB)',
    'vk::OutOfDeviceMemoryError: ErrorOutOfDeviceMemory out of device memory',
    'kIOGPUCommandBufferCallbackErrorOutOfMemory',
    '[metal::malloc] Resource limit (499000) exceeded.',
    'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB',
    'ValueError: No available memory for the cache blocks. Try increasing gpu_memory_utilization',
    'ValueError: Free memory on device (3.1/23.7 GiB) on startup is less than desired',
  ])('sees that memory ran out: %s', (line) => {
    expect(exit([line, 'failed to load model'])).toMatchObject({
      code: 'out-of-memory',
      isRetryable: true,
    });
    expect(exit([line], { wasReady: true }).code).toBe('out-of-memory');
  });

  it.each([
    ["couldn't bind HTTP server socket, hostname: 127.0.0.1", 'port-conflict', 'port-taken', true],
    ['error: invalid argument: --nope', 'start-failed', 'bad-flag', false],
    [
      'gguf_init_from_file: failed to open /m/x.gguf: No such file or directory',
      'model-missing',
      'model-missing',
      false,
    ],
    ['vllm: error: argument --max-model-len: invalid int value', 'start-failed', 'bad-flag', false],
    ['Error: flag provided but not defined: -nope', 'start-failed', 'bad-flag', false],
    ["ModuleNotFoundError: No module named 'mlx'", 'not-installed', 'broken-installation', false],
    [
      'OSError: /m does not appear to have a file named config.json',
      'model-missing',
      'model-missing',
      false,
    ],
    [
      'safetensors_rust.SafetensorError: Error while deserializing header: InvalidHeaderDeserialization',
      'start-failed',
      'model-corrupt',
      false,
    ],
    ['gguf_init_from_file_impl: invalid magic characters', 'start-failed', 'model-corrupt', false],
  ])('classifies %s', (line, code, reason, isRetryable) => {
    expect(exit(['build 1', line])).toMatchObject({ code, reason, isRetryable });
  });

  it('takes a kill while loading for the out-of-memory killer, and one while serving for a crash', () => {
    expect(exit([], { code: null, signal: 'SIGKILL' }).code).toBe('out-of-memory');
    expect(exit([], { code: 137 }).code).toBe('out-of-memory');
    expect(exit([], { code: null, signal: 'SIGKILL', wasReady: true }).code).toBe('crashed');
  });

  it('does not explain a crash while serving by old start-up lines', () => {
    const crash = exit(['failed to load model draft, going on'], { wasReady: true, code: 134 });
    expect(crash).toMatchObject({ code: 'crashed', isRetryable: true });
    expect(crash.message).toContain('exit code 134');
  });
});
