import { describe, expect, it } from 'vitest';
import { toClientSnippets } from './clientSnippets.js';

const setup = { origin: 'http://127.0.0.1:4747', model: 'coder', secret: 'sk-sw-abc' };
const textOf = (name: string) =>
  toClientSnippets(setup).find((snippet) => snippet.name === name)?.text ?? '';

describe('toClientSnippets', () => {
  it('gives OpenAI clients the address with /v1 and the others without', () => {
    expect(textOf('OpenAI SDK')).toContain('base_url="http://127.0.0.1:4747/v1"');
    expect(textOf('Anthropic SDK')).toContain('base_url="http://127.0.0.1:4747"');
    expect(textOf('Claude Code')).toContain('ANTHROPIC_BASE_URL=http://127.0.0.1:4747\n');
    expect(textOf('Gemini SDK')).toContain('baseUrl: "http://127.0.0.1:4747"');
  });

  it('has Codex speak the Responses API, the only one it knows', () => {
    expect(textOf('Codex')).toContain('wire_api = "responses"');
  });

  it('sets no variable that the gateway would take for a misspelt setting of its own', () => {
    for (const { text } of toClientSnippets(setup)) expect(text).not.toContain('SPILLWAY_');
  });

  it('names the route everywhere', () => {
    expect(toClientSnippets(setup).every(({ text }) => text.includes('coder'))).toBe(true);
  });
});
