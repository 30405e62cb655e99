import { JsonObjectScanner } from './tool-call/json-object-scanner.js';
import { readCallHead, readWholeCall } from './tool-call/tool-call-text.js';

/** What a model's text means, in order. The arguments of a call follow its name, in pieces. */
export type OutputEvent =
  | { readonly type: 'content'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'call'; readonly name: string }
  | { readonly type: 'arguments'; readonly text: string };

export interface OutputOptions {
  /** Whether tools were declared; without them the tags of a call are text like any other. */
  readonly readsTools: boolean;
  /** Templates of some reasoning models write the opening `<think>` themselves. */
  readonly isReasoning: boolean;
  /** Whether space at the very end is kept; a grammar makes the model write some that belongs to nothing. */
  readonly keepsLastSpace: boolean;
}

type Mode = 'content' | 'reasoning' | 'call';

const THINK = '<think>';
const THINK_END = '</think>';
const CALL = '<tool_call>';
const CALL_END = '</tool_call>';

/**
 * Tells reasoning and tool calls (in the Hermes form that Qwen and many others use) from the answer, while the text
 * is still coming in. The events, joined, are the same wherever the text was cut. Space around tags belongs to the
 * markup and is dropped; arguments stay the text that the model wrote, since parsing and writing them again would
 * lose big integers and `1.0`.
 */
export class OutputParser {
  #mode: Mode;
  #pending = '';
  #isAfterTag: boolean;
  #mayThink: boolean;
  #argumentsEnd: JsonObjectScanner | null = null;
  #searched = 0;

  constructor(private readonly options: OutputOptions) {
    this.#mode = options.isReasoning ? 'reasoning' : 'content';
    this.#isAfterTag = options.isReasoning;
    this.#mayThink = !options.isReasoning;
  }

  push(text: string): OutputEvent[] {
    this.#pending += text;
    const events: OutputEvent[] = [];
    while (this.#mode === 'call' ? this.#stepCall(events) : this.#stepText(events));
    return events;
  }

  /** The text is over. A call of which no more than the beginning was written is shown as the text it is. */
  end(): OutputEvent[] {
    const rest = this.#pending;
    this.#pending = '';
    if (this.#mode !== 'call') {
      const events: OutputEvent[] = [];
      this.#emitText(this.options.keepsLastSpace ? rest : rest.trimEnd(), events);
      return events;
    }
    return this.#argumentsEnd === null ? wholeCall(rest, '') : [];
  }

  /** Handles text up to the next tag. Answers whether there may be more to do. */
  #stepText(events: OutputEvent[]): boolean {
    const tags = this.#tags();
    const found = firstOf(this.#pending, tags);
    if (found === null) {
      const shown = this.#pending.length - heldBack(this.#pending, tags);
      this.#emitText(this.#pending.slice(0, shown), events);
      this.#pending = this.#pending.slice(shown);
      return false;
    }
    this.#emitText(this.#pending.slice(0, found.at).trimEnd(), events);
    this.#pending = this.#pending.slice(found.at + found.tag.length);
    this.#mode = found.tag === THINK ? 'reasoning' : found.tag === CALL ? 'call' : 'content';
    this.#mayThink &&= found.tag !== THINK && found.tag !== CALL;
    this.#isAfterTag = true;
    this.#searched = 0;
    return true;
  }

  #stepCall(events: OutputEvent[]): boolean {
    if (this.#argumentsEnd === null) {
      const head = readCallHead(this.#pending);
      if (head === null)
        return this.#closeCall((text) => events.push(...wholeCall(text, CALL_END)));
      events.push({ type: 'call', name: head.name });
      this.#pending = this.#pending.slice(head.length);
      this.#searched = 0;
      this.#argumentsEnd = new JsonObjectScanner();
    }
    const length = this.#argumentsEnd.push(this.#pending);
    if (length > 0) events.push({ type: 'arguments', text: this.#pending.slice(0, length) });
    this.#pending = this.#pending.slice(length);
    if (!this.#argumentsEnd.isDone) return false;
    // what stands between the arguments and the closing tag is the last brace of the call
    return this.#closeCall(() => undefined);
  }

  #closeCall(take: (text: string) => void): boolean {
    // what was searched before is not searched again, or a long call would take quadratic time
    const at = this.#pending.indexOf(CALL_END, Math.max(0, this.#searched - CALL_END.length));
    this.#searched = this.#pending.length;
    if (at === -1) return false;
    take(this.#pending.slice(0, at));
    this.#pending = this.#pending.slice(at + CALL_END.length);
    this.#mode = 'content';
    this.#argumentsEnd = null;
    return true;
  }

  #emitText(text: string, events: OutputEvent[]): void {
    const shown = this.#isAfterTag ? text.trimStart() : text;
    if (shown === '') return;
    this.#isAfterTag = false;
    this.#mayThink = false;
    events.push({ type: this.#mode === 'reasoning' ? 'reasoning' : 'content', text: shown });
  }

  #tags(): readonly string[] {
    if (this.#mode === 'reasoning') return [THINK_END];
    return [...(this.#beginsThinking() ? [THINK] : []), ...(this.options.readsTools ? [CALL] : [])];
  }

  /** An answer may speak of the tag: only at the very beginning does it mean reasoning. */
  #beginsThinking(): boolean {
    const start = this.#pending.trimStart();
    return this.#mayThink && (start.startsWith(THINK) || THINK.startsWith(start));
  }
}

function wholeCall(text: string, closing: string): OutputEvent[] {
  const call = readWholeCall(text);
  if (call === null) return [{ type: 'content', text: `${CALL}${text}${closing}` }];
  return [
    { type: 'call', name: call.name },
    { type: 'arguments', text: call.argumentsText },
  ];
}

function firstOf(text: string, tags: readonly string[]): { at: number; tag: string } | null {
  const found = tags
    .map((tag) => ({ at: text.indexOf(tag), tag }))
    .filter(({ at }) => at !== -1)
    .sort((a, b) => a.at - b.at);
  return found[0] ?? null;
}

/** How much of the end may be the beginning of a tag, or space in front of one. */
function heldBack(text: string, tags: readonly string[]): number {
  let longest = 0;
  for (const tag of tags) {
    for (let length = Math.min(tag.length - 1, text.length); length > longest; length -= 1) {
      if (text.endsWith(tag.slice(0, length))) longest = length;
    }
  }
  return text.length - text.slice(0, text.length - longest).trimEnd().length;
}
