import type { OpaqueToken } from '../../canonical/content.js';
import type { PartStart } from '../../canonical/stream-event.js';
import { asRecord, tryParse } from '../../shared/json/json-access.js';
import type { CustomToolCallItem, FunctionCallItem } from '../wire.js';
import type { ItemEnd, OpenItem } from './open-item.js';
import { OpenReasoning } from './open-reasoning.js';
import type { ItemSlot, OutputStream } from './output-stream.js';

type CallStart = Extract<PartStart, { type: 'tool-call' }>;

/** A call of a function, or of a freeform tool. */
export class OpenCall implements OpenItem {
  readonly #slot: ItemSlot;
  readonly #fragments: string[] = [];
  readonly #isFreeform: boolean;
  /** A call has no slot for it, so it follows in an item of its own. */
  token: OpaqueToken | null = null;

  constructor(
    private readonly out: OutputStream,
    private readonly start: CallStart,
    private readonly callId: string,
  ) {
    this.#isFreeform = start.isFreeform === true;
    this.#slot = out.nextSlot(this.#isFreeform ? 'ctc' : 'fc');
    out.added(this.#slot, this.#item('in_progress', ''));
  }

  append(delta: string): void {
    this.#fragments.push(delta);
    const word = this.#isFreeform ? 'custom_tool_call_input' : 'function_call_arguments';
    this.out.event(this.#slot, `${word}.delta`, { delta });
  }

  close(end: ItemEnd): void {
    // a call without arguments streams none at Anthropic; here they must be a JSON object
    const isBlank = this.#fragments.every((fragment) => fragment.trim() === '');
    if (isBlank && !this.#isFreeform && end === 'completed') this.append('{}');
    const text = this.#fragments.join('');
    if (this.#isFreeform)
      this.out.event(this.#slot, 'custom_tool_call_input.done', { input: text });
    else
      this.out.event(this.#slot, 'function_call_arguments.done', {
        name: this.start.name,
        arguments: text,
      });
    const isWhole = !this.#isFreeform && asRecord(tryParse(text)) !== null;
    this.out.done(this.#slot, this.#item(isWhole ? 'completed' : end, text));
    if (this.token === null) return;
    const carrier = new OpenReasoning(this.out, 'tool-call');
    carrier.token = this.token;
    carrier.close();
  }

  #item(status: FunctionCallItem['status'], text: string): FunctionCallItem | CustomToolCallItem {
    const { name, namespace } = this.start;
    const shared = {
      status,
      call_id: this.callId,
      name,
      namespace: namespace ?? undefined,
    };
    return this.#isFreeform
      ? { id: this.#slot.id, type: 'custom_tool_call', ...shared, input: text }
      : { id: this.#slot.id, type: 'function_call', ...shared, arguments: text };
  }
}
