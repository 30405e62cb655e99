import type { WireProtocolId } from '#translation';
import type { FastifyRequest } from 'fastify';

/** Every path under these belongs to the inference API: bodies are read by it, errors are said in its words. */
const prefixes = ['/v1/', '/v1beta/'];

/** The first that fits counts; all other paths speak as chat completions do. */
const protocolsByPath: readonly (readonly [prefix: string, protocol: WireProtocolId])[] = [
  ['/v1/chat/', 'openai-chat'],
  ['/v1/responses', 'openai-responses'],
  ['/v1/messages', 'anthropic-messages'],
  ['/v1/completions', 'openai-completions'],
  ['/v1/embeddings', 'openai-embeddings'],
  ['/v1beta/', 'gemini-generate'],
];

export function isInferencePath(url: string): boolean {
  return url === '/v1' || prefixes.some((prefix) => url.startsWith(prefix));
}

/** The protocol of a request by its path; where several share one, Anthropic clients always name a version. */
export function protocolOfRequest({
  url,
  headers,
}: Pick<FastifyRequest, 'url' | 'headers'>): WireProtocolId {
  for (const [prefix, protocol] of protocolsByPath) if (url.startsWith(prefix)) return protocol;
  if (/^\/v1\/models\/[^?]+(?::|%3[Aa])\w/.test(url)) return 'gemini-generate';
  return headers['anthropic-version'] === undefined ? 'openai-chat' : 'anthropic-messages';
}
