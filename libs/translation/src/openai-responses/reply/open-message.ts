import type { Citation } from '../../canonical/content.js';
import type { MessageItem, OutputText, Refusal, UrlCitation } from '../wire.js';
import type { ItemEnd, OpenItem } from './open-item.js';
import type { ItemSlot, OutputStream } from './output-stream.js';

interface OpenContent {
  readonly type: 'output_text' | 'refusal';
  readonly fragments: string[];
  readonly annotations: UrlCitation[];
  chars: number;
}

/** Texts that follow one another are one content part: clients read the first. */
export class OpenMessage implements OpenItem {
  readonly #slot: ItemSlot;
  readonly #content: (OutputText | Refusal)[] = [];
  #open: OpenContent | null = null;

  constructor(private readonly out: OutputStream) {
    this.#slot = out.nextSlot('msg');
    out.added(this.#slot, this.#item('in_progress'));
  }

  /** Characters of the text so far. */
  get textChars(): number {
    return this.#open?.type === 'output_text' ? this.#open.chars : 0;
  }

  append(type: OpenContent['type'], delta: string): void {
    const open = this.#openContent(type);
    open.fragments.push(delta);
    open.chars += delta.length;
    const content_index = this.#content.length;
    if (type === 'refusal') this.out.event(this.#slot, 'refusal.delta', { content_index, delta });
    else this.out.event(this.#slot, 'output_text.delta', { content_index, delta, logprobs: [] });
  }

  /** Citations of the text that began at `start`. */
  cite(citations: readonly Citation[], start: number): void {
    if (this.#open?.type !== 'output_text') return;
    for (const { url, title } of citations) {
      const annotation: UrlCitation = {
        type: 'url_citation',
        start_index: start,
        end_index: this.#open.chars,
        url,
        title: title ?? '',
      };
      const annotation_index = this.#open.annotations.length;
      this.#open.annotations.push(annotation);
      this.#event('output_text.annotation.added', { annotation_index, annotation });
    }
  }

  close(end: ItemEnd): void {
    this.#closeContent();
    this.out.done(this.#slot, this.#item(end));
  }

  #item(status: MessageItem['status']): MessageItem {
    const content = [...this.#content];
    return { id: this.#slot.id, type: 'message', status, content, role: 'assistant' };
  }

  #openContent(type: OpenContent['type']): OpenContent {
    if (this.#open?.type === type) return this.#open;
    this.#closeContent();
    const open = { type, fragments: [], annotations: [], chars: 0 };
    this.#open = open;
    this.#event('content_part.added', { part: contentOf(open) });
    return open;
  }

  #closeContent(): void {
    if (this.#open === null) return;
    const part = contentOf(this.#open);
    if (part.type === 'refusal') this.#event('refusal.done', { refusal: part.refusal });
    else this.#event('output_text.done', { text: part.text, logprobs: [] });
    this.#event('content_part.done', { part });
    this.#content.push(part);
    this.#open = null;
  }

  #event(type: string, members: object): void {
    this.out.event(this.#slot, type, { content_index: this.#content.length, ...members });
  }
}

function contentOf({ type, fragments, annotations }: OpenContent): OutputText | Refusal {
  const text = fragments.join('');
  return type === 'refusal'
    ? { type, refusal: text }
    : { type, annotations: [...annotations], logprobs: [], text };
}
