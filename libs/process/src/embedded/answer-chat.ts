import type { ServerResponse } from 'node:http';
import type { ChatRequest } from './chat-request.js';
import { ChatReply, type ReplyFinish } from './chat-reply.js';
import type { LlamaRuntime, Generation } from './llama-runtime.js';
import { OutputParser } from './output-parser.js';
import { errorBody } from './request-fault.js';
import { StopFilter } from './stop-filter.js';

/**
 * Answers one request on one sequence of the model. A caller that leaves ends the generation with the next token.
 * @throws RequestFault before anything was sent; later failures go into the stream.
 */
export async function answerChat(
  runtime: LlamaRuntime,
  request: ChatRequest,
  response: ServerResponse,
  alias: string,
): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  const sequence = await runtime.acquire(left.signal);
  try {
    const generation = await runtime.generate(sequence, request, left.signal);
    const reply = new ChatReply(alias, request.includeUsage);
    const write = request.stream ? startStream(response, reply) : null;
    try {
      await passOn(generation, { request, reply, response, write });
    } catch (error) {
      if (write === null) throw error;
      // the stream has begun: it ends in an error and without its last mark
      response.end(
        `data: ${errorBody(`The engine failed: ${error instanceof Error ? error.message : String(error)}`, 'server_error')}\n\n`,
      );
    }
  } finally {
    runtime.release(sequence);
  }
}

type Write = (text: string) => void;

function startStream(response: ServerResponse, reply: ChatReply): Write {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  response.write(reply.start());
  return (text) => response.write(text);
}

interface Outlet {
  readonly request: ChatRequest;
  readonly reply: ChatReply;
  readonly response: ServerResponse;
  readonly write: Write | null;
}

async function passOn(
  generation: Generation,
  { request, reply, response, write }: Outlet,
): Promise<void> {
  const parser = new OutputParser(request.tools.length > 0);
  const stops = new StopFilter(request.stop);
  let completionTokens = 0;
  let ended: 'stop' | 'length' = 'stop';
  const emit = (text: string, isLast: boolean): void => {
    const events = isLast ? [...parser.push(text), ...parser.end()] : parser.push(text);
    for (const event of events) {
      const chunk = reply.event(event);
      write?.(chunk);
    }
  };
  for (;;) {
    const next = await generation.pieces.next();
    if (next.done === true) {
      ended = next.value;
      break;
    }
    completionTokens = next.value.tokens;
    emit(stops.push(next.value.text), false);
    if (stops.isStopped) {
      await generation.pieces.return('stop');
      break;
    }
  }
  emit(stops.end(), true);
  const finish: ReplyFinish = reply.hasCalls && ended === 'stop' ? 'tool_calls' : ended;
  const usage = { promptTokens: generation.promptTokens, completionTokens };
  if (write !== null) response.end(reply.finish(finish, usage));
  else
    response
      .writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
      .end(reply.whole(finish, usage));
}
