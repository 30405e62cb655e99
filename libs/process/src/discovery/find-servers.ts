import { get } from 'node:http';
import { isCloudModel } from '../engines/model-list/ollama-model-name.js';
import type { FoundServer } from './discovery.js';

const timeoutMs = 700;
const maxBytes = 1024 * 1024;
const maxModels = 50;

/** Where model servers usually listen, and what tells each from the others on the same port. */
type Place = readonly [port: number, kind: string];

const usualPorts: readonly Place[] = [
  [11434, 'Ollama'],
  [1234, 'LM Studio'],
  [8080, 'llama-server'],
  [9931, 'llama-server'],
  [8000, 'OpenAI-compatible server'],
  [30000, 'sglang'],
];

/** Model servers that listen on this machine already. They are asked for their models and nothing else. */
export async function findServers(
  skipPorts: readonly number[],
  places: readonly Place[] = usualPorts,
): Promise<FoundServer[]> {
  const ports = places.filter(([port]) => !skipPorts.includes(port));
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
  // a gateway or an engine of ours is no find
  if (models.some(({ owner }) => owner === 'spillway')) return null;
  const owner = models.find(
    ({ owner: each }) => typeof each === 'string' && Object.hasOwn(kindsByOwner, each),
  )?.owner;
  return {
    kind: kindsByOwner[String(owner)] ?? kind,
    origin,
    models: models
      .map(({ id }) => id)
      .filter((id) => !isCloudModel(id))
      .slice(0, maxModels),
  };
}

/** What servers write into `owned_by`, where it says which of them it is. */
const kindsByOwner: Readonly<Record<string, string>> = {
  llamacpp: 'llama-server',
  vllm: 'vLLM',
  sglang: 'sglang',
  library: 'Ollama',
};

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
