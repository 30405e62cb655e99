import { describe, expect, it } from 'vitest';
import { readGeminiAddress, wantsJsonArray } from './gemini-address.js';

describe('readGeminiAddress', () => {
  it.each([
    ['/v1beta/models/gemini-3:generateContent', 'gemini-3', false, 'generateContent'],
    ['/v1/models/m:streamGenerateContent?alt=sse', 'm', true, 'streamGenerateContent'],
    ['/v1beta/models/team/chat:generateContent', 'team/chat', false, 'generateContent'],
    ['/v1beta/models/team%2Fqwen%3A8b:countTokens', 'team/qwen:8b', false, 'countTokens'],
    ['/v1beta/models/qwen:8b:generateContent', 'qwen:8b', false, 'generateContent'],
    ['/v1beta/team/chat:generateContent', 'team/chat', false, 'generateContent'],
    ['/v1beta/models/%zz:generateContent', '%zz', false, 'generateContent'],
    ['/v1beta/models/qwen%3a8b%3AgenerateContent?x=1', 'qwen:8b', false, 'generateContent'],
  ])('reads %s', (url, model, stream, method) => {
    expect(readGeminiAddress(url)).toEqual({ model, stream, method });
  });

  it('says what a path should name, and which methods there are', () => {
    for (const url of ['/v1/models/gpt', '/v1beta/', '/v1beta/models/gpt:', '/v1beta/models/m?a:b'])
      expect(() => readGeminiAddress(url)).toThrow(/must name a model and a method/);
    expect(() => readGeminiAddress('/v1beta/models/m:embedContent')).toThrow(
      /`embedContent` is not served here; there are generateContent/,
    );
  });
});

it.each([
  ['/x:streamGenerateContent', true],
  ['/x:streamGenerateContent?alt=sse', false],
  ['/x:streamGenerateContent?a=1&alt=sse&b=2', false],
  ['/x:streamGenerateContent?alt=ssex', true],
])('wantsJsonArray tells the framing of %s', (url, isArray) => {
  expect(wantsJsonArray(url)).toBe(isArray);
});
