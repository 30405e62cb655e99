import { request } from 'node:http';
import { socketPathOf } from './engine-origin.js';

/** A readiness answer is small; a body beyond this is not from an engine we know. */
const MAX_BODY_BYTES = 1024 * 1024;

interface ProbeAnswer {
  readonly status: number;
  /** The parsed JSON body, or null when it is none. */
  readonly body: unknown;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

interface Probe {
  readonly path: string;
  /** A JSON text to POST; without it the probe is a GET. */
  readonly body?: string;
  readonly timeoutMs: number;
}

/**
 * One request on a connection of its own. Answers null for anything that is no complete answer in time:
 * refused, reset, too slow, too large, aborted. Sends nothing but what the preset wrote, so it cannot leak a prompt.
 */
export function probeEngine(
  origin: string,
  { path, body, timeoutMs }: Probe,
  signal?: AbortSignal,
): Promise<ProbeAnswer | null> {
  return new Promise((resolve) => {
    const [method, headers] =
      body === undefined
        ? ['GET', {}]
        : [
            'POST',
            { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
          ];
    const socketPath = socketPathOf(origin);
    const url = new URL(path, socketPath === null ? origin : 'http://localhost');
    const place = socketPath === null ? {} : { socketPath };
    const exchange = request(url, { ...place, agent: false, method, headers, signal });
    // A deadline for the whole exchange: a stopped engine still accepts connections.
    const timer = setTimeout(() => finish(null), timeoutMs);
    const finish = (answer: ProbeAnswer | null): void => {
      clearTimeout(timer);
      resolve(answer);
      exchange.destroy();
    };
    exchange.on('error', () => finish(null));
    exchange.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('error', () => finish(null));
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > MAX_BODY_BYTES) finish(null);
      });
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        finish({ status: response.statusCode ?? 0, body: parseJson(text) });
      });
    });
    exchange.end(body);
  });
}
