import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anthropicDialect } from './fake-upstream/anthropic-dialect.js';
import { deliverPlan } from './fake-upstream/deliver-plan.js';
import { geminiDialect } from './fake-upstream/gemini-dialect.js';
import { geminiPath } from './fake-upstream/gemini-request.js';
import { responsesDialect } from './fake-upstream/responses-dialect.js';
import type { Dialect } from './fake-upstream/dialect.js';
import {
  UpstreamLog,
  type SeenRequest,
  type UpstreamProtocol,
} from './fake-upstream/upstream-log.js';
import { openaiDialect } from './fake-upstream/openai-dialect.js';
import { planAnswer } from './fake-upstream/plan-answer.js';
import { readUpstreamRequest } from './fake-upstream/upstream-request.js';
import { listedModels, scriptOf } from './fake-upstream/script.js';

export interface FakeUpstream {
  /** `http://127.0.0.1:port`, also good as the endpoint of an attached local engine. */
  readonly origin: string;
  /** Base URL for OpenAI clients, ends in `/v1`. */
  readonly openaiUrl: string;
  /** Base URL for Gemini clients, ends in `/v1beta`. */
  readonly geminiUrl: string;
  /** Base URL for Anthropic clients. */
  readonly anthropicUrl: string;
  /** Nothing listens here: connections are refused. */
  readonly refusedOrigin: string;
  readonly log: UpstreamLog;
  /** Requests that followed the redirect, with all their headers. There must never be one. */
  readonly trapped: readonly { readonly headers: IncomingMessage['headers'] }[];
  close(): Promise<void>;
}

const paths: Readonly<Record<string, UpstreamProtocol>> = {
  '/v1/responses': 'openai-responses',
  '/v1/chat/completions': 'openai-chat',
  '/v1/messages': 'anthropic-messages',
};

const dialects: Readonly<Record<UpstreamProtocol, Dialect>> = {
  'openai-chat': openaiDialect,
  'openai-responses': responsesDialect,
  'anthropic-messages': anthropicDialect,
  'gemini-generate': geminiDialect,
};

function protocolOf(path: string): UpstreamProtocol | null {
  return paths[path] ?? (geminiPath.test(path) ? 'gemini-generate' : null);
}

/**
 * An upstream in this process that speaks all protocols as the real ones do and misbehaves on demand: the name
 * of the model chooses the script (`say-hello`, `slow-50ms`, `cut-mid`, …).
 */
export async function startFakeUpstream(): Promise<FakeUpstream> {
  const log = new UpstreamLog();
  const trapped: { headers: IncomingMessage['headers'] }[] = [];
  const trap = createServer((request, response) => {
    trapped.push({ headers: request.headers });
    response.end('{}');
  });
  const trapUrl = await listen(trap);
  const server = createServer((request, response) => {
    void answer(request, response, { log, trapUrl });
  });
  const origin = await listen(server);
  const refusedOrigin = await findRefusedOrigin();
  return {
    origin,
    openaiUrl: `${origin}/v1`,
    anthropicUrl: origin,
    geminiUrl: `${origin}/v1beta`,
    refusedOrigin,
    log,
    trapped,
    close: async () => {
      await Promise.all([close(server), close(trap)]);
    },
  };
}

interface Surroundings {
  readonly log: UpstreamLog;
  readonly trapUrl: string;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { log, trapUrl }: Surroundings,
): Promise<void> {
  const startedAt = Date.now();
  const body = await readBody(request);
  const path = (request.url ?? '').split('?')[0] ?? '';
  const protocol = request.method === 'POST' ? protocolOf(path) : null;
  const read =
    protocol === null
      ? null
      : readUpstreamRequest(protocol, { headers: request.headers, path, body });
  const entry = log.add({
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body,
    bodyBytes: Buffer.byteLength(body),
    protocol,
    model: read?.model ?? null,
    isStream: read?.isStream ?? false,
    startedAt,
    endedAt: null,
    closedByClientAt: null,
    status: null,
    tokensSent: 0,
    billed: null,
  });
  if (protocol === null || read === null) {
    answerLookUp(request, response, path, entry);
    return;
  }
  const dialect = dialects[protocol];
  const script = scriptOf(read.model);
  if (script === null) {
    answerJson(response, entry, 404, dialect.errorBody(404, `model: ${read.model}`));
    return;
  }
  const context = { request: read, index: entry.index };
  const credential = credentialOf(request);
  await deliverPlan(response, planAnswer({ dialect, script, context, trapUrl, credential }), entry);
}

/** Everything that is not an inference call: the model lists and the health check of local servers. */
function answerLookUp(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  entry: SeenRequest,
): void {
  if (request.method === 'GET' && path === '/v1/models') {
    const speaksAnthropic = request.headers['anthropic-version'] !== undefined;
    const dialect = speaksAnthropic ? anthropicDialect : openaiDialect;
    answerJson(response, entry, 200, dialect.modelList(listedModels));
    return;
  }
  if (request.method === 'GET' && path === '/health') {
    answerJson(response, entry, 200, '{"status":"ok"}');
    return;
  }
  answerJson(
    response,
    entry,
    404,
    openaiDialect.errorBody(404, `Invalid URL (${request.method} ${path})`),
  );
}

function answerJson(
  response: ServerResponse,
  entry: SeenRequest,
  status: number,
  body: string,
): void {
  entry.status = status;
  entry.endedAt = Date.now();
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  });
  response.end(body);
}

function credentialOf({ headers }: IncomingMessage): string {
  const key = headers['x-api-key'] ?? headers['x-goog-api-key'];
  return typeof key === 'string' ? key : (headers.authorization ?? '').replace(/^Bearer /, '');
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of request) pieces.push(piece as Buffer);
  } catch {
    // the caller left while sending: what came is still worth a line in the log
  }
  return Buffer.concat(pieces).toString('utf8');
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port that was ours a moment ago and is closed now. */
async function findRefusedOrigin(): Promise<string> {
  const server = createServer();
  const origin = await listen(server);
  await close(server);
  return origin;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
