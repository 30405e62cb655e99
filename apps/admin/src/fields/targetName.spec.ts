import { describe, expect, it } from 'vitest';
import { furtherModel, targetKind, targetName } from './targetName.js';

describe('targetName', () => {
  it('leaves out the kind and nothing else', () => {
    expect(targetName('provider:openai/gpt-5')).toBe('openai/gpt-5');
    expect(targetName('local:gemma3:4b')).toBe('gemma3:4b');
    expect(targetName('gemma3:4b')).toBe('gemma3:4b');
  });
});

describe('targetKind', () => {
  it('reads where a target is', () => {
    expect(targetKind('provider:openai/gpt-5')).toBe('provider');
    expect(targetKind('local:gemma3:4b')).toBe('local');
  });
});

describe('furtherModel', () => {
  it('says nothing twice', () => {
    expect(furtherModel('provider:openai/gpt-5', 'gpt-5')).toBeNull();
    expect(furtherModel('local:qwen', 'qwen')).toBeNull();
    expect(furtherModel('local:qwen', null)).toBeNull();
  });

  it('names a model the label does not', () => {
    expect(furtherModel('local:qwen', 'Qwen3-8B')).toBe('Qwen3-8B');
  });
});
