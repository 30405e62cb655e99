import type { Citation } from '../canonical/content.js';
import type { CanonicalEvent } from '../canonical/stream-event.js';
import { arrayAt, asRecord, textAt, type JsonRecord } from '../shared/json/json-access.js';
import { PartSequencer, type OpenPart } from '../shared/stream/part-sequencer.js';
import {
  callStart,
  callText,
  decodeAnnotation,
  nativePart,
  reasoningText,
  reasoningToken,
} from './decode-response.js';
import { flatMap } from '../shared/flat-map.js';

/** Where a text or a refusal stands. */
interface ProsePlace {
  readonly type: 'text' | 'refusal';
  /** Key of the item. */
  readonly item: unknown;
  /** Of the content part. */
  readonly index: unknown;
}

interface ReasoningPiece {
  readonly item: unknown;
  readonly source: 'summary' | 'content';
  readonly index: unknown;
  /** The text of the whole piece, of which deltas may have told already. */
  readonly isWhole: boolean;
}

/** An item of the stream and the parts that it became. */
interface Item {
  kind: string | null;
  isDone: boolean;
  readonly prose: Map<unknown, OpenPart>;
  reasoning: OpenPart | null;
  /** What the reasoning is told by: its summary, or itself. */
  source: ReasoningPiece['source'] | null;
  readonly seen: Set<unknown>;
  call: OpenPart | null;
  /** Arguments that came before the name. */
  early: string;
  hasText: boolean;
}

type Out = CanonicalEvent[];

/**
 * Makes parts of the items of a stream, whatever a server leaves out: items that were not announced, texts without
 * deltas, items that only the last event tells of.
 */
export class ItemAssembler {
  /** Who answers; opaque tokens are of its family. */
  model: string | null = null;
  hasCall = false;
  readonly #sequencer = new PartSequencer();
  readonly #items = new Map<unknown, Item>();
  /** Key of the item announced last: events that name none mean it. */
  #latest: unknown = undefined;

  get hasNamelessCall(): boolean {
    return [...this.#items.values()].some(
      ({ call, early, kind }) => call === null && (early !== '' || isCall(kind)),
    );
  }

  begin(key: unknown, wire: JsonRecord, out: Out): void {
    this.#latest = key;
    this.#identify(this.#item(key), wire, out);
  }

  appendProse({ type, item: key, index }: ProsePlace, text: string, out: Out): void {
    if (text === '') return;
    const item = this.#item(key);
    let part = item.prose.get(index);
    if (part === undefined || part.isClosed || part.start.type !== type) {
      if (part !== undefined) this.#sequencer.close(part, out);
      part = this.#sequencer.open({ type }, out);
      item.prose.set(index, part);
    }
    this.#sequencer.append(part, text, out);
  }

  completeProse(place: ProsePlace, text: string, out: Out): void {
    if (!this.#item(place.item).prose.has(place.index)) this.appendProse(place, text, out);
  }

  cite({ item, index }: ProsePlace, citations: readonly Citation[]): void {
    this.#item(item)
      .prose.get(index)
      ?.citations.push(...citations);
  }

  closeProse(key: unknown, index: unknown, out: Out): void {
    const part = this.#item(key).prose.get(index);
    if (part !== undefined) this.#sequencer.close(part, out);
  }

  /** Pieces of a summary are paragraphs. Of summary and full thinking, the one that comes first is told. */
  appendReasoning(piece: ReasoningPiece, text: string, out: Out): void {
    const item = this.#item(piece.item);
    item.source ??= piece.source;
    const isKnown = item.seen.has(piece.index);
    if (text === '' || item.source !== piece.source || (piece.isWhole && isKnown)) return;
    item.seen.add(piece.index);
    const isNext = !isKnown && item.reasoning !== null;
    item.reasoning ??= this.#sequencer.open({ type: 'reasoning' }, out);
    this.#sequencer.append(item.reasoning, isNext ? `\n\n${text}` : text, out);
  }

  appendCall(key: unknown, text: string, isWhole: boolean, out: Out): void {
    const item = this.#item(key);
    if (text === '' || (isWhole && item.hasText)) return;
    item.hasText = true;
    if (item.call === null) item.early += text;
    else this.#sequencer.append(item.call, text, out);
  }

  /** The item as it ended: what deltas did not tell is added, and the token that counts is this one's. */
  finish(key: unknown, wire: JsonRecord, out: Out): void {
    const item = this.#item(key);
    if (item.isDone) return;
    item.isDone = true;
    // what it turned out to be counts, unless it was told as a call or as thinking already
    const isToldThinking = item.kind === 'reasoning' && item.reasoning !== null;
    if (item.call === null && !isToldThinking) item.kind = textAt(wire, 'type') ?? item.kind;
    this.#identify(item, wire, out);
    switch (item.kind) {
      case 'message':
        this.#finishMessage(key, item, wire, out);
        break;
      case 'reasoning':
        this.#finishReasoning(item, wire, out);
        break;
      case 'function_call':
      case 'custom_tool_call':
        this.appendCall(key, callText(wire), true, out);
        if (item.call !== null) this.#sequencer.close(item.call, out);
        break;
      default: {
        const native = nativePart(item.kind ?? 'unknown', wire);
        this.#sequencer.close(this.#sequencer.open(native, out), out);
      }
    }
  }

  /** An item of the last event, which may be all that a server tells of it. */
  complete(index: number, wire: JsonRecord | null, out: Out): void {
    if (wire === null) return;
    const keys = [...this.#items.keys()];
    // a server that neither counts nor names its items still tells them in order
    const isCounted = keys.some((key) => typeof key === 'number');
    const key = keys.find((known) => known === wire['id']) ?? (isCounted ? index : keys[index]);
    this.finish(key ?? index, wire, out);
  }

  closeAll(out: Out): void {
    this.#sequencer.closeAll(out);
  }

  #item(given: unknown): Item {
    const key = given ?? this.#latest;
    const known = this.#items.get(key);
    if (known !== undefined) return known;
    const item: Item = {
      kind: null,
      isDone: false,
      prose: new Map(),
      reasoning: null,
      source: null,
      seen: new Set(),
      call: null,
      early: '',
      hasText: false,
    };
    this.#items.set(key, item);
    return item;
  }

  #identify(item: Item, wire: JsonRecord, out: Out): void {
    item.kind ??= textAt(wire, 'type');
    if (item.call !== null || !isCall(item.kind)) return;
    const start = callStart(wire);
    if (start === null) return;
    this.hasCall = true;
    item.call = this.#sequencer.open(start, out);
    this.#sequencer.append(item.call, item.early, out);
    item.early = '';
  }

  #finishMessage(key: unknown, item: Item, wire: JsonRecord, out: Out): void {
    for (const [index, value] of arrayAt(wire, 'content').entries()) {
      const content = asRecord(value);
      const refusal = textAt(content, 'refusal');
      const type = refusal === null ? 'text' : 'refusal';
      const text = refusal ?? textAt(content, 'text') ?? '';
      this.completeProse({ type, item: key, index }, text, out);
      const part = item.prose.get(index);
      if (part !== undefined && part.citations.length === 0)
        part.citations.push(...flatMap(arrayAt(content, 'annotations'), decodeAnnotation));
    }
    for (const part of item.prose.values()) this.#sequencer.close(part, out);
  }

  #finishReasoning(item: Item, wire: JsonRecord, out: Out): void {
    const text = item.reasoning === null ? reasoningText(wire) : '';
    const token = reasoningToken(wire, this.model);
    if (item.reasoning === null && text === '' && token === null) return;
    item.reasoning ??= this.#sequencer.open({ type: 'reasoning' }, out);
    this.#sequencer.append(item.reasoning, text, out);
    item.reasoning.opaque = token;
    this.#sequencer.close(item.reasoning, out);
  }
}

function isCall(kind: string | null): boolean {
  return kind === 'function_call' || kind === 'custom_tool_call';
}
