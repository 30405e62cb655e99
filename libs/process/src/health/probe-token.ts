import type { EngineProtocol } from '../engine-preset.js';
import { probeEngine } from '../readiness/probe-engine.js';

const TOKEN_TIMEOUT_MS = 20_000;

const probes: readonly {
  readonly protocol: EngineProtocol;
  readonly path: string;
  readonly ask: object;
}[] = [
  {
    protocol: 'openai-chat',
    path: '/v1/chat/completions',
    ask: { messages: [{ role: 'user', content: '.' }], max_tokens: 1 },
  },
  { protocol: 'openai-completions', path: '/v1/completions', ask: { prompt: '.', max_tokens: 1 } },
  { protocol: 'openai-embeddings', path: '/v1/embeddings', ask: { input: '.' } },
];

/**
 * Asks for the least an engine can do: a generator that is dead behind a server that still answers is found out
 * by nothing else. True when it answered, be it with a refusal; engines that speak none of these are believed.
 */
export async function answersWithToken(
  origin: string,
  servedModel: string,
  protocols: readonly EngineProtocol[],
): Promise<boolean> {
  const probe = probes.find(({ protocol }) => protocols.includes(protocol));
  if (probe === undefined) return true;
  const body = JSON.stringify({ model: servedModel, ...probe.ask });
  const answer = await probeEngine(origin, {
    path: probe.path,
    body,
    timeoutMs: TOKEN_TIMEOUT_MS,
  });
  return answer !== null && answer.status < 500;
}
