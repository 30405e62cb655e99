import type { ServerResponse } from 'node:http';
import type { ChatRequest } from './request/chat-request.js';
import { ChatReply, type ReplyFinish } from './chat-reply.js';
import type { LlamaRuntime, Pieces, Prompt } from './llama-runtime.js';
import { OutputParser, type OutputEvent } from './output-parser.js';
import { errorBody } from './request/request-fault.js';
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
  const prompt = runtime.prepare(request);
  const left = new AbortController();
  response.once('close', () => left.abort());
  if (response.destroyed) left.abort();
  const sequence = await runtime.sequences.acquire(prompt.tokens, left.signal);
  try {
    const pieces = await runtime.generate(sequence, request, prompt, left.signal);
    const reply = new ChatReply(alias, request.includeUsage);
    const write = request.stream ? startStream(response, reply) : null;
    try {
      await passOn(pieces, { request, prompt, reply, response, write });
    } catch (error) {
      if (write === null) throw error;
      // the stream has begun: it ends in an error and without its last mark
      response.end(
        `data: ${errorBody(`The engine failed: ${error instanceof Error ? error.message : String(error)}`, 'server_error')}\n\n`,
      );
    }
  } finally {
    runtime.sequences.release(sequence);
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
  readonly prompt: Prompt;
  readonly reply: ChatReply;
  readonly response: ServerResponse;
  readonly write: Write | null;
}

/** The grammars of JSON let a model write line breaks for ever once the value is complete. */
const jsonEnd = '\n\n\n\n';

async function passOn(
  pieces: Pieces,
  { request, prompt, reply, response, write }: Outlet,
): Promise<void> {
  const isJson = request.format !== null;
  const parser = new OutputParser({
    readsTools: request.tools.length > 0,
    isReasoning: prompt.opensReasoning && !isJson,
    keepsLastSpace: !isJson,
  });
  const stops = new StopFilter(isJson ? [...request.stop, jsonEnd] : request.stop);
  let completionTokens = 0;
  let ended: 'stop' | 'length' = 'stop';
  const emit = (events: readonly OutputEvent[]): void => {
    for (const event of events) {
      const chunk = reply.event(event);
      write?.(chunk);
    }
  };
  for (;;) {
    const next = await pieces.next();
    if (next.done === true) {
      ended = next.value;
      break;
    }
    completionTokens = next.value.tokens;
    emit(parser.push(stops.push(next.value.text)));
    if (stops.isStopped) {
      await pieces.return('stop');
      break;
    }
  }
  emit([...parser.push(stops.end()), ...parser.end()]);
  const finish: ReplyFinish = reply.hasCalls && ended === 'stop' ? 'tool_calls' : ended;
  const usage = { promptTokens: prompt.tokens.length, completionTokens };
  if (write !== null) response.end(reply.finish(finish, usage));
  else
    response
      .writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
      .end(reply.whole(finish, usage));
}
