import type { CanonicalEvent, PartStart } from '../../canonical/stream-event.js';
import { unknownUsage, type Usage } from '../../canonical/usage.js';
import type { ReplyContext } from '../../protocol.js';
import { estimateTokens } from '../../shared/estimate-tokens.js';
import { JsonText } from '../../shared/json/write-json.js';
import { ToolCallIds } from '../../shared/reply-ids.js';
import { wordlessRefusal } from '../../shared/reply/wordless-refusal.js';
import { encodeStatus } from '../status-mapping.js';
import { encodeUsage } from '../usage-mapping.js';
import { OpenCall } from './open-call.js';
import type { ItemEnd, OpenItem } from './open-item.js';
import { OpenMessage } from './open-message.js';
import { OpenReasoning } from './open-reasoning.js';
import { OutputStream, type Emit } from './output-stream.js';
import { responseHead, responseObject, type ResponseHead } from './response-object.js';

type EventOf<T extends CanonicalEvent['type']> = Extract<CanonicalEvent, { type: T }>;
type ProseType = 'text' | 'refusal';

/** Writes an answer event by event, and holds it as a whole at the end. One item is open at a time. */
export class AnswerWriter {
  readonly #ids: ToolCallIds;
  #head: ResponseHead | null = null;
  #out: OutputStream;
  #open: OpenItem | null = null;
  #part: PartStart | null = null;
  #textStart = 0;
  #hasRefusal = false;
  #outputChars = 0;
  #usage: Usage = unknownUsage;
  #response: Readonly<Record<string, unknown>> | null = null;

  constructor(
    private readonly context: ReplyContext,
    private readonly emit: Emit,
  ) {
    this.#ids = new ToolCallIds('call_', context.requestId);
    this.#out = new OutputStream('', emit);
  }

  /** The `response` object: of the whole answer after its end, before that as far as it goes. */
  get response(): Readonly<Record<string, unknown>> | null {
    if (this.#response !== null || this.#head === null) return this.#response;
    return responseObject(this.#head, {
      status: 'in_progress',
      output: this.#out.items,
      usage: null,
    });
  }

  start(event: EventOf<'response-start'>): void {
    const head = responseHead(event, this.context);
    this.#head = head;
    this.#out = new OutputStream(head.id.slice('resp_'.length), this.emit);
    this.emit('response.created', { response: this.response });
    this.emit('response.in_progress', { response: this.response });
  }

  startPart(part: PartStart): void {
    this.#part = part;
    if (part.type === 'refusal') this.#hasRefusal = true;
    if (part.type === 'text')
      this.#textStart = this.#open instanceof OpenMessage ? this.#open.textChars : 0;
    if (part.type === 'tool-call')
      this.#replace(() => new OpenCall(this.#out, part, this.#ids.next(part.id)));
    if (part.type === 'native' && part.protocol === 'openai-responses') {
      this.#closeOpen('completed');
      this.#out.whole(new JsonText(part.raw.json));
    }
  }

  append(text: string): void {
    this.#outputChars += text.length;
    if (text === '' || this.#part === null) return;
    switch (this.#part.type) {
      case 'text':
      case 'refusal':
        this.#message().append(proseWords[this.#part.type], text);
        break;
      case 'reasoning':
        this.#reasoning().append(text);
        break;
      case 'tool-call':
        if (this.#open instanceof OpenCall) this.#open.append(text);
        break;
      default:
    }
  }

  endPart({ opaque, citations }: EventOf<'part-end'>): void {
    const part = this.#part;
    this.#part = null;
    if (part?.type === 'text') {
      if (this.#open instanceof OpenMessage) this.#open.cite(citations, this.#textStart);
      if (opaque !== null) this.#carry(opaque);
    }
    if (part?.type === 'tool-call' && this.#open instanceof OpenCall) this.#open.token = opaque;
    if (part?.type !== 'reasoning') return;
    if (opaque !== null) this.#reasoning().token = opaque;
    if (this.#open instanceof OpenReasoning) this.#closeOpen('completed');
  }

  noteUsage(usage: Usage): void {
    this.#usage = usage;
  }

  end({ finishReason, finishDetail }: EventOf<'response-end'>): void {
    if (this.#head === null) this.start(emptyStart);
    const status = encodeStatus(finishReason);
    if (finishReason === 'content-filter' && !this.#hasRefusal)
      this.#message().append('refusal', finishDetail ?? wordlessRefusal);
    this.#closeOpen(status.status);
    // what the upstream did not count is estimated, since clients count on these fields
    const usage = encodeUsage({
      ...this.#usage,
      inputTokens: this.#usage.inputTokens ?? this.context.estimatedInputTokens ?? 0,
      outputTokens: this.#usage.outputTokens ?? estimateTokens(this.#outputChars),
    });
    const state = { ...status, output: this.#out.items, usage };
    this.#response = responseObject(this.#head ?? {}, state);
    this.emit(`response.${status.status}`, { response: this.#response });
  }

  #message(): OpenMessage {
    if (this.#open instanceof OpenMessage) return this.#open;
    this.#textStart = 0;
    return this.#replace(() => new OpenMessage(this.#out));
  }

  #reasoning(): OpenReasoning {
    if (this.#open instanceof OpenReasoning) return this.#open;
    return this.#replace(() => new OpenReasoning(this.#out));
  }

  /** A text has no slot for a token, so it follows in an item of its own. */
  #carry(token: NonNullable<OpenReasoning['token']>): void {
    const carrier = this.#replace(() => new OpenReasoning(this.#out, 'text'));
    carrier.token = token;
    this.#closeOpen('completed');
  }

  #replace<T extends OpenItem>(create: () => T): T {
    this.#closeOpen('completed');
    const item = create();
    this.#open = item;
    return item;
  }

  #closeOpen(end: ItemEnd): void {
    const open = this.#open;
    this.#open = null;
    open?.close(end);
  }
}

const proseWords: Readonly<Record<ProseType, 'output_text' | 'refusal'>> = {
  text: 'output_text',
  refusal: 'refusal',
};

const emptyStart = {
  type: 'response-start',
  id: null,
  model: null,
  createdAtSeconds: null,
} as const;
