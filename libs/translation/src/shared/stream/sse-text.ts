import type { SseEvent } from '../../protocol.js';

/** Splits the text of an event stream, in whatever pieces it arrives, into events. */
export interface SseReader {
  push(text: string): SseEvent[];
  /** The stream closed: an event without its closing blank line is given out as well. */
  end(): SseEvent[];
}

/** Lines end in CR, LF or CRLF; a BOM and comments are skipped. Cost is linear in the text, however cut. */
export function createSseReader(): SseReader {
  return new SseTextReader();
}

class SseTextReader implements SseReader {
  /** Pieces of the unfinished line; joined once, when its end arrives. */
  #pieces: string[] = [];
  #isStart = true;
  #skipsLineFeed = false;
  #name: string | null = null;
  #data: string[] | null = null;

  push(text: string): SseEvent[] {
    const events: SseEvent[] = [];
    let start = this.#prefixLength(text);
    let lineFeed = text.indexOf('\n', start);
    let carriageReturn = text.indexOf('\r', start);
    while (lineFeed !== -1 || carriageReturn !== -1) {
      const isCarriageReturn =
        carriageReturn !== -1 && (lineFeed === -1 || carriageReturn < lineFeed);
      const end = isCarriageReturn ? carriageReturn : lineFeed;
      this.#line(this.#take(text.slice(start, end)), events);
      start = end + 1;
      if (isCarriageReturn && text[start] === '\n') start += 1;
      else this.#skipsLineFeed = isCarriageReturn && start === text.length;
      if (lineFeed !== -1 && lineFeed < start) lineFeed = text.indexOf('\n', start);
      if (carriageReturn !== -1 && carriageReturn < start)
        carriageReturn = text.indexOf('\r', start);
    }
    if (start < text.length) this.#pieces.push(text.slice(start));
    return events;
  }

  end(): SseEvent[] {
    const events: SseEvent[] = [];
    this.#line(this.#take(''), events);
    this.#line('', events);
    return events;
  }

  /** Characters to skip in front: a BOM, or the LF of a CRLF that was cut in two. */
  #prefixLength(text: string): number {
    if (text === '') return 0;
    const isBom = this.#isStart && text.charCodeAt(0) === 0xfeff;
    const isCutLineFeed = this.#skipsLineFeed && text[0] === '\n';
    this.#isStart = false;
    this.#skipsLineFeed = false;
    return isBom || isCutLineFeed ? 1 : 0;
  }

  #take(last: string): string {
    if (this.#pieces.length === 0) return last;
    const line = this.#pieces.join('') + last;
    this.#pieces = [];
    return line;
  }

  #line(line: string, events: SseEvent[]): void {
    if (line === '') {
      if (this.#data !== null) events.push({ name: this.#name, data: joined(this.#data) });
      this.#data = null;
      this.#name = null;
      return;
    }
    if (line.startsWith('data: ')) {
      (this.#data ??= []).push(line.slice(6));
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon === -1 ? line : line.slice(0, colon);
    if (field !== 'data' && field !== 'event') return;
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') this.#name = value;
    else (this.#data ??= []).push(value);
  }
}

function joined([first = '', ...rest]: readonly string[]): string {
  return rest.length === 0 ? first : `${first}\n${rest.join('\n')}`;
}
