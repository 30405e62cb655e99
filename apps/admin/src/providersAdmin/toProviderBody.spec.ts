import { describe, expect, it } from 'vitest';
import { toProviderBody } from './toProviderBody.js';

describe('toProviderBody', () => {
  it('leaves the stored key alone when none was typed', () => {
    expect(toProviderBody({ name: 'openai', credential: '', removesCredential: false })).toEqual({
      name: 'openai',
    });
  });

  it('sends a typed key without the line end it was pasted with', () => {
    expect(toProviderBody({ credential: 'sk-1\n', removesCredential: true })).toEqual({
      credential: 'sk-1',
    });
  });

  it('sends null to remove the stored key', () => {
    expect(toProviderBody({ removesCredential: true })).toEqual({ credential: null });
  });

  it('sends null for no chosen protocol: an empty list would deny what is known of the host', () => {
    expect(toProviderBody({ alsoSpeaks: [] })).toEqual({ alsoSpeaks: null });
    expect(toProviderBody({ alsoSpeaks: null })).toEqual({ alsoSpeaks: null });
    expect(toProviderBody({ alsoSpeaks: ['openai-responses'] })).toEqual({
      alsoSpeaks: ['openai-responses'],
    });
  });
});
