import { describe, expect, it } from 'vitest';
import { findProtocol, protocolName, protocols, providerProtocols } from './protocols.js';

describe('protocols', () => {
  it('lists each once', () => {
    const ids = protocols.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('offers for a provider what both sides speak', () => {
    const ids = providerProtocols.map(({ id }) => id);
    expect(ids).toContain('gemini-generate');
    expect(ids).not.toContain('openai-embeddings');
  });

  it('names a protocol, and one it does not know by its id', () => {
    expect(protocolName('openai-responses')).toBe('OpenAI Responses');
    expect(protocolName('esperanto')).toBe('esperanto');
    expect(findProtocol('esperanto')).toBeUndefined();
  });
});
