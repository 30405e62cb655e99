import { describe, expect, it } from 'vitest';
import { formatSpeed, resourceTexts, workTexts } from './figureTexts.js';

const nothing = {
  at: 0,
  requestsRunning: null,
  requestsWaiting: null,
  kvCacheUsage: null,
  promptTokens: null,
  generatedTokens: null,
  promptTokensPerSecond: null,
  generatedTokensPerSecond: null,
  modelBytes: null,
  modelGpuBytes: null,
};

describe('the figures of an engine', () => {
  it('are shown as far as they are known, zeros included', () => {
    expect(workTexts(nothing)).toEqual([]);
    const told = {
      ...nothing,
      requestsRunning: 0,
      kvCacheUsage: 0.25,
      generatedTokensPerSecond: 42.45,
    };
    expect(workTexts(told)).toEqual([
      { name: 'Answering', value: '0' },
      { name: 'Context cache in use', value: '25 %' },
      { name: 'Writing', value: '42.5 tokens/s' },
    ]);
  });

  it('are those of all processes where they were measured', () => {
    const unknown = { cpuPercent: null, footprintBytes: null, rssBytes: null, gpuBytes: null };
    expect(resourceTexts({ ...unknown, figures: null })).toEqual([]);
    const measured = { ...unknown, footprintBytes: 2e9, rssBytes: 1e6, cpuPercent: 150 };
    expect(resourceTexts({ ...measured, figures: { ...nothing, modelGpuBytes: 1e9 } })).toEqual([
      { name: 'Memory', value: '2.0 GB' },
      { name: 'Graphics memory', value: '1.0 GB' },
      { name: 'Processor', value: '150 %' },
    ]);
  });

  it.each([
    [null, '–'],
    [0, '0 tokens/s'],
    [8.25, '8.3 tokens/s'],
    [8174.5, '8175 tokens/s'],
  ])('speed %s is %s', (speed, text) => {
    expect(formatSpeed(speed)).toBe(text);
  });
});
