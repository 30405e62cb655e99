import { randomUUID } from 'node:crypto';
import type { OutputEvent } from './output-parser.js';

export interface ReplyUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export type ReplyFinish = 'stop' | 'length' | 'tool_calls';

const newId = (prefix: string): string =>
  `${prefix}${randomUUID().replaceAll('-', '').slice(0, 24)}`;

function usageBody({ promptTokens, completionTokens }: ReplyUsage) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

/** One answer in OpenAI's wire form: as a stream of chunks, or collected. */
export class ChatReply {
  private readonly head: { readonly id: string; readonly created: number; readonly model: string };
  private content = '';
  private reasoning = '';
  private readonly calls: {
    id: string;
    type: 'function';
    function: { name: string; arguments: string };
  }[] = [];

  constructor(
    model: string,
    private readonly includeUsage: boolean,
  ) {
    this.head = { id: newId('chatcmpl-'), created: Math.floor(Date.now() / 1000), model };
  }

  get hasCalls(): boolean {
    return this.calls.length > 0;
  }

  start(): string {
    return this.chunk({ role: 'assistant', content: '' });
  }

  event(event: OutputEvent): string {
    if (event.type === 'content') {
      this.content += event.text;
      return this.chunk({ content: event.text });
    }
    if (event.type === 'reasoning') {
      this.reasoning += event.text;
      return this.chunk({ reasoning_content: event.text });
    }
    return event.type === 'call' ? this.startCall(event.name) : this.extendCall(event.text);
  }

  finish(reason: ReplyFinish, usage: ReplyUsage): string {
    const last = this.frame({
      choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: reason }],
    });
    const counted = this.includeUsage ? this.frame({ choices: [], usage: usageBody(usage) }) : '';
    return `${last}${counted}data: [DONE]\n\n`;
  }

  whole(reason: ReplyFinish, usage: ReplyUsage): string {
    const message = {
      role: 'assistant',
      content: this.content === '' && this.hasCalls ? null : this.content,
      refusal: null,
      ...(this.reasoning === '' ? {} : { reasoning_content: this.reasoning }),
      ...(this.hasCalls ? { tool_calls: this.calls } : {}),
    };
    return JSON.stringify({
      ...this.head,
      object: 'chat.completion',
      choices: [{ index: 0, message, logprobs: null, finish_reason: reason }],
      usage: usageBody(usage),
    });
  }

  private startCall(name: string): string {
    const index = this.calls.length;
    const call = {
      id: newId('call_'),
      type: 'function' as const,
      function: { name, arguments: '' },
    };
    // a copy: the call itself grows while its arguments arrive
    const opening = this.chunk({
      tool_calls: [{ index, ...call, function: { ...call.function } }],
    });
    this.calls.push(call);
    return opening;
  }

  private extendCall(text: string): string {
    const call = this.calls.at(-1);
    if (call !== undefined) call.function.arguments += text;
    return this.chunk({
      tool_calls: [{ index: this.calls.length - 1, function: { arguments: text } }],
    });
  }

  private chunk(delta: object): string {
    return this.frame({ choices: [{ index: 0, delta, logprobs: null, finish_reason: null }] });
  }

  private frame(rest: object): string {
    const usage = this.includeUsage && !('usage' in rest) ? { usage: null } : {};
    return `data: ${JSON.stringify({ ...this.head, object: 'chat.completion.chunk', ...rest, ...usage })}\n\n`;
  }
}
