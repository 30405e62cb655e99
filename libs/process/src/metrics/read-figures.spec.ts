import { describe, expect, it } from 'vitest';
import { shippedEngines } from '../engines.js';
import { readFigures } from './read-figures.js';
import type { Figures } from './read-figures.js';

function figuresOf(engine: string, answers: readonly (string | object)[], model = 'm'): Figures[] {
  const sources = shippedEngines().find(({ id }) => id === engine)?.traits?.metrics ?? [];
  expect(sources).toHaveLength(answers.length);
  return sources.map((source, index) => {
    const answer = answers[index] ?? '';
    const isText = typeof answer === 'string';
    const told = isText ? { text: answer, body: null } : { text: '', body: answer };
    return readFigures(source, told, model);
  });
}

describe('the figures of an engine', () => {
  it('are read from llama-server, and its cache from the slots', () => {
    const text = [
      'llamacpp:prompt_tokens_total 25',
      'llamacpp:prompt_seconds_total 0.0125',
      'llamacpp:tokens_predicted_total 300',
      'llamacpp:tokens_predicted_seconds_total 0.5',
      'llamacpp:predicted_tokens_seconds 8174.54',
      'llamacpp:requests_processing 1',
      'llamacpp:requests_deferred 2',
    ].join('\n');
    const slots = [
      { id: 0, n_ctx: 2048, is_processing: false },
      { id: 1, n_ctx: 2048, is_processing: true, n_prompt_tokens: 1024 },
    ];
    expect(figuresOf('llama-server', [text, slots])).toEqual([
      {
        requestsRunning: 1,
        requestsWaiting: 2,
        promptTokens: 25,
        promptSeconds: 0.0125,
        generatedTokens: 300,
        generatedSeconds: 0.5,
      },
      { kvCacheUsage: 0.25 },
    ]);
  });

  it('are not known where nothing tells them', () => {
    const fresh = [{ id: 0, n_ctx: 2048, is_processing: false }];
    expect(figuresOf('llama-server', ['', fresh])).toEqual([{}, {}]);
    expect(figuresOf('llama-server', ['<html>', { error: { message: 'no slots' } }])).toEqual([
      {},
      {},
    ]);
    expect(
      figuresOf('vllm', ['vllm:num_requests_running -1\nvllm:kv_cache_usage_perc NaN']),
    ).toEqual([{}]);
  });

  it('add up over the parts of vLLM, whose fullest cache counts, under its old names too', () => {
    const labels = (engine: number) => `{engine="${engine}",model_name="m"}`;
    const text = [0, 1].flatMap((engine) => [
      `vllm:num_requests_running${labels(engine)} ${engine + 1}.0`,
      `vllm:num_requests_waiting${labels(engine)} 4.0`,
      `vllm:kv_cache_usage_perc${labels(engine)} 0.${engine + 2}`,
      `vllm:generation_tokens_total${labels(engine)} 10.0`,
    ]);
    expect(figuresOf('vllm', [text.join('\n')])).toEqual([
      { requestsRunning: 3, requestsWaiting: 8, kvCacheUsage: 0.3, generatedTokens: 20 },
    ]);
    expect(figuresOf('vllm', ['vllm:gpu_cache_usage_perc 0.5'])).toEqual([{ kvCacheUsage: 0.5 }]);
  });

  it('are read from the JSON of others', () => {
    const stats = {
      status: 'ok',
      queue_stats: { running: true, active_requests: 1, queue_size: 3 },
    };
    expect(figuresOf('mlx-openai-server', [stats])).toEqual([
      { requestsRunning: 1, requestsWaiting: 3 },
    ]);
    const loaded = {
      models: [
        { name: 'm', size: 900, size_vram: 600 },
        { name: 'another', size: 7, size_vram: 7 },
      ],
    };
    expect(figuresOf('ollama', [loaded])).toEqual([{ modelBytes: 900, modelGpuBytes: 600 }]);
    expect(figuresOf('ollama-attached', [loaded], 'unloaded')).toEqual([{}]);
  });
});
