import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerChat } from './answer-chat.js';
import { readChatRequest } from './request/chat-request.js';
import type { LlamaRuntime } from './llama-runtime.js';
import { renderFigures } from './render-figures.js';
import { errorBody, RequestFault } from './request/request-fault.js';

const maxBodyBytes = 32 * 1024 * 1024;

/** What the server knows of the model while it runs. */
export interface EngineState {
  readonly alias: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  runtime: LlamaRuntime | null;
  progress: number;
}

/** The engine's HTTP side: health, its one model, its figures, and chat completions, for this machine only. */
export function createEmbeddedServer(state: EngineState): Server {
  const server = createServer((request, response) => {
    route(state, request, response).catch((error: unknown) => sendFailure(response, error));
  });
  server.requestTimeout = 60_000;
  return server;
}

async function route(
  state: EngineState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url?.split('?')[0] ?? '/';
  const { runtime } = state;
  if (path === '/health') {
    send(
      response,
      runtime === null ? 503 : 200,
      JSON.stringify(
        runtime === null ? { status: 'loading', progress: state.progress } : { status: 'ok' },
      ),
    );
    return;
  }
  if (runtime === null) {
    send(response, 503, errorBody('Loading model', 'unavailable_error', { code: 'model_loading' }));
    return;
  }
  if (path === '/v1/models' && request.method === 'GET') {
    const meta = { n_ctx: runtime.contextTokens, size: runtime.sizeBytes };
    send(
      response,
      200,
      JSON.stringify({
        object: 'list',
        data: [
          {
            id: state.alias,
            object: 'model',
            created: state.createdAt,
            owned_by: 'spillway',
            meta,
          },
        ],
      }),
    );
    return;
  }
  if (path === '/metrics' && request.method === 'GET') {
    send(response, 200, renderFigures(runtime.figures), 'text/plain; version=0.0.4');
    return;
  }
  if (path !== '/v1/chat/completions' || request.method !== 'POST') {
    send(
      response,
      404,
      errorBody(`There is no ${request.method} ${path} here.`, 'invalid_request_error', {
        code: 'not_found',
      }),
    );
    return;
  }
  const body = parseJson(await readBody(request));
  const chat = readChatRequest(body);
  // whatever name it is asked by is the name it answers by; the alias is for telling engines apart
  const { model } = body as { model?: unknown };
  await answerChat(runtime, chat, response, typeof model === 'string' ? model : state.alias);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let byteCount = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    byteCount += piece.length;
    // what is too much is read and dropped: a caller that is cut off in its sentence never hears the answer
    if (byteCount <= maxBodyBytes) pieces.push(piece);
    else pieces.length = 0;
  }
  if (byteCount > maxBodyBytes) {
    throw new RequestFault('The request body is larger than 32 MiB.', null, 'request_too_large', {
      status: 413,
    });
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new RequestFault(
      `The body is not valid JSON: ${error instanceof Error ? error.message : ''}.`,
      null,
      'invalid_json',
    );
  }
}

function sendFailure(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  if (error instanceof RequestFault)
    send(response, error.status, errorBody(error.message, 'invalid_request_error', error));
  else
    send(
      response,
      500,
      errorBody(
        `The engine failed: ${error instanceof Error ? error.message : String(error)}`,
        'server_error',
      ),
    );
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'application/json',
): void {
  response
    .writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'content-length': Buffer.byteLength(body),
    })
    .end(body);
}
