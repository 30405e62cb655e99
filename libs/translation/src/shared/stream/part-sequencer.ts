import type { Citation, OpaqueToken } from '../../canonical/content.js';
import type { CanonicalEvent, PartStart } from '../../canonical/stream-event.js';

/** A part of the answer that the upstream has begun. */
export interface OpenPart {
  readonly start: PartStart;
  opaque: OpaqueToken | null;
  readonly citations: Citation[];
  isClosed: boolean;
  /** Text that waits until the parts before it are closed. */
  readonly waiting: string[];
}

/**
 * Turns parts that overlap (parallel tool calls dealt out in turn, llama-server's thinking and text) into
 * parts that follow one another: the first one opened streams, later ones wait.
 */
export class PartSequencer {
  readonly #parts: OpenPart[] = [];

  open(start: PartStart, out: CanonicalEvent[]): OpenPart {
    const part: OpenPart = { start, opaque: null, citations: [], isClosed: false, waiting: [] };
    this.#parts.push(part);
    if (this.#parts.length === 1) out.push({ type: 'part-start', part: start });
    return part;
  }

  append(part: OpenPart, text: string, out: CanonicalEvent[]): void {
    if (part.isClosed || text === '') return;
    if (part === this.#parts[0]) out.push({ type: 'part-delta', text });
    else part.waiting.push(text);
  }

  close(part: OpenPart, out: CanonicalEvent[]): void {
    part.isClosed = true;
    let head = this.#parts[0];
    while (head?.isClosed === true) {
      out.push({ type: 'part-end', opaque: head.opaque, citations: head.citations });
      this.#parts.shift();
      head = this.#parts[0];
      if (head === undefined) return;
      out.push({ type: 'part-start', part: head.start });
      const text = head.waiting.splice(0).join('');
      if (text !== '') out.push({ type: 'part-delta', text });
    }
  }

  closeAll(out: CanonicalEvent[]): void {
    // Closing takes parts off the list.
    const parts = this.#parts.slice();
    for (const part of parts) this.close(part, out);
  }
}
