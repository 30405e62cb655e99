/** What a model's text means, in order. */
export type OutputEvent =
  | { readonly type: 'content'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'tool-call'; readonly name: string; readonly argumentsText: string };

type Mode = 'content' | 'reasoning' | 'tool';

const tags: Readonly<Record<Mode, readonly { readonly tag: string; readonly to: Mode }[]>> = {
  content: [
    { tag: '<think>', to: 'reasoning' },
    { tag: '<tool_call>', to: 'tool' },
  ],
  reasoning: [{ tag: '</think>', to: 'content' }],
  tool: [{ tag: '</tool_call>', to: 'content' }],
};

/**
 * Tells reasoning and tool calls (in the Hermes form that Qwen and many others use) from the answer, while the text
 * is still coming in, in pieces of any size. Arguments stay the text that the model wrote.
 */
export class OutputParser {
  private mode: Mode = 'content';
  private pending = '';
  private isAfterTag = true;

  constructor(private readonly readsTools: boolean) {}

  push(text: string): OutputEvent[] {
    this.pending += text;
    const events: OutputEvent[] = [];
    for (let found = this.findTag(); found !== null; found = this.findTag()) {
      const before = this.pending.slice(0, found.at);
      this.pending = this.pending.slice(found.at + found.tag.length);
      events.push(...this.emit(before, true));
      this.mode = found.to;
      this.isAfterTag = true;
    }
    const safe = this.mode === 'tool' ? 0 : this.pending.length - this.heldBack();
    events.push(...this.emit(this.pending.slice(0, safe), false));
    this.pending = this.pending.slice(safe);
    return events;
  }

  /** The text is over; a call that was cut off is shown as the text it is. */
  end(): OutputEvent[] {
    const rest = this.pending;
    this.pending = '';
    if (rest === '') return [];
    if (this.mode === 'tool') return [{ type: 'content', text: `<tool_call>${rest}` }];
    return this.emit(rest, false);
  }

  private usable(): readonly { readonly tag: string; readonly to: Mode }[] {
    return tags[this.mode].filter(({ to }) => to !== 'tool' || this.readsTools);
  }

  private findTag(): { at: number; tag: string; to: Mode } | null {
    const found = this.usable()
      .map(({ tag, to }) => ({ at: this.pending.indexOf(tag), tag, to }))
      .filter(({ at }) => at !== -1)
      .sort((a, b) => a.at - b.at);
    return found[0] ?? null;
  }

  /** How much of the end may be the beginning of a tag. */
  private heldBack(): number {
    let longest = 0;
    for (const { tag } of this.usable()) {
      for (
        let length = Math.min(tag.length - 1, this.pending.length);
        length > longest;
        length -= 1
      ) {
        if (tag.startsWith(this.pending.slice(-length))) longest = length;
      }
    }
    return longest;
  }

  private emit(text: string, isWhole: boolean): OutputEvent[] {
    if (this.mode === 'tool') return isWhole ? [readToolCall(text)] : [];
    // line breaks around tags belong to the markup, not to the answer
    let shown = this.isAfterTag ? text.trimStart() : text;
    if (isWhole) shown = shown.trimEnd();
    if (shown === '') return [];
    this.isAfterTag = false;
    return [{ type: this.mode, text: shown }];
  }
}

function readToolCall(text: string): OutputEvent {
  try {
    const call = JSON.parse(text) as { name?: unknown; arguments?: unknown };
    if (typeof call.name === 'string') {
      return {
        type: 'tool-call',
        name: call.name,
        argumentsText: argumentsTextOf(text) ?? textOf(call.arguments),
      };
    }
  } catch {
    // shown as it is
  }
  return { type: 'content', text: `<tool_call>${text}</tool_call>` };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? {});
}

/** The arguments as written: parsing and writing them again would lose big integers and `1.0`. */
function argumentsTextOf(text: string): string | null {
  const start = /"arguments"\s*:\s*(?=\{)/.exec(text);
  if (start === null) return null;
  const rest = text.slice(start.index + start[0].length);
  for (let end = rest.lastIndexOf('}'); end !== -1; end = rest.lastIndexOf('}', end - 1)) {
    const candidate = rest.slice(0, end + 1);
    if (isJson(candidate)) return candidate;
    if (end === 0) return null;
  }
  return null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
