import type { OpaqueToken } from '../../canonical/content.js';
import { writeToken, type TokenOwner } from '../../shared/tokens/opaque-envelope.js';
import type { ReasoningItem } from '../wire.js';
import type { OpenItem } from './open-item.js';
import type { ItemSlot, OutputStream } from './output-stream.js';

/** Thinking is shown as its summary, since clients show that. */
export class OpenReasoning implements OpenItem {
  readonly #slot: ItemSlot;
  readonly #fragments: string[] = [];
  /** Known only at the end; an item that is cut off has none. */
  token: OpaqueToken | null = null;

  constructor(
    private readonly out: OutputStream,
    private readonly owner: TokenOwner = 'reasoning',
  ) {
    this.#slot = out.nextSlot('rs');
    out.added(this.#slot, { id: this.#slot.id, type: 'reasoning', summary: [] });
  }

  append(delta: string): void {
    if (this.#fragments.length === 0)
      this.#event('reasoning_summary_part.added', { part: { type: 'summary_text', text: '' } });
    this.#fragments.push(delta);
    this.#event('reasoning_summary_text.delta', { delta });
  }

  close(): void {
    const summary = this.#closeSummary();
    const { token, owner } = this;
    const item: ReasoningItem = {
      id: this.#slot.id,
      type: 'reasoning',
      summary,
      encrypted_content: token === null ? undefined : writeToken(token, 'openai-responses', owner),
    };
    this.out.done(this.#slot, item);
  }

  #closeSummary(): ReasoningItem['summary'] {
    if (this.#fragments.length === 0) return [];
    const part = { type: 'summary_text', text: this.#fragments.join('') } as const;
    this.#event('reasoning_summary_text.done', { text: part.text });
    this.#event('reasoning_summary_part.done', { part });
    return [part];
  }

  #event(type: string, members: object): void {
    this.out.event(this.#slot, type, { summary_index: 0, ...members });
  }
}
