import { get } from 'node:http';
import type { FoundServer } from './discovery.js';

const timeoutMs = 700;
const maxBytes = 1024 * 1024;
const maxModels = 50;

/** Where model servers usually listen, and what tells each from the others on the same port. */
const usualPorts: readonly (readonly [port: number, kind: string])[] = [
  [11434, 'Ollama'],
  [1234, 'LM Studio'],
  [8080, 'llama-server'],
  [9931, 'llama-server'],
  [8000, 'OpenAI-compatible server'],
  [30000, 'sglang'],
];

/** Model servers that listen on this machine already. They are asked for their models and nothing else. */
export async function findServers(skipPorts: readonly number[]): Promise<FoundServer[]> {
  const ports = usualPorts.filter(([port]) => !skipPorts.includes(port));
  const found = await Promise.all(ports.map(([port, kind]) => findServer(port, kind)));
  return found.filter((server) => server !== null);
}

async function findServer(port: number, kind: string): Promise<FoundServer | null> {
  const origin = `http://127.0.0.1:${port}`;
  const list = await getJson(`${origin}/v1/models`);
  const data = (list as { data?: unknown } | null)?.data;
  if (!Array.isArray(data)) return null;
  const models = (data as unknown[]).flatMap((entry) => {
    const { id, owned_by: owner } = (entry ?? {}) as { id?: unknown; owned_by?: unknown };
    return typeof id === 'string' ? [{ id, owner }] : [];
  });
  const isLlama = models.some(({ owner }) => owner === 'llamacpp');
  return {
    kind: isLlama ? 'llama-server' : kind,
    origin,
    models: models.slice(0, maxModels).map(({ id }) => id),
  };
}

/** null for whatever is not JSON, too large, too slow or not there. */
function getJson(url: string): Promise<unknown> {
  return new Promise((resolve) => {
    const request = get(url, { timeout: timeoutMs, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > maxBytes) response.destroy();
      });
      response.on('close', () => resolve(response.statusCode === 200 ? parseOrNull(text) : null));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(null));
    setTimeout(() => request.destroy(), timeoutMs * 2).unref();
  });
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
