import { StringDecoder } from 'node:string_decoder';

/** Longest line kept, in characters; the rest of a longer one is dropped and the cut is marked. */
export const MAX_LINE_LENGTH = 8192;
const CUT_MARK = ' … [line cut]';
const ESC = String.fromCharCode(0x1b);
const BEL = String.fromCharCode(0x07);
/** Escape sequences of terminals: CSI, OSC (ended by BEL or ST) and the two-character ones. */
const ESCAPES = new RegExp(
  `${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)?|[ -~])`,
  'g',
);
/** Every control character except the tab. */
const CONTROLS = /[^\P{Cc}\t]/gu;

/** Text of one finished line as people should see it: last progress state, no escapes, no controls. */
function cleanLine(raw: string): string {
  const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
  // A progress bar rewrites its line with \r: only the last state is worth keeping.
  return text
    .slice(text.lastIndexOf('\r') + 1)
    .replace(ESCAPES, '')
    .replace(CONTROLS, '');
}

/**
 * Turns chunks of bytes into clean lines. Characters split between chunks stay whole, and memory stays
 * bounded when no line end ever comes.
 */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  #pending = '';
  #isCut = false;

  constructor(private readonly onLine: (text: string) => void) {}

  write(chunk: Buffer): void {
    this.#take(this.#decoder.write(chunk));
  }

  /** Hands out what was written after the last line end. */
  end(): void {
    this.#take(this.#decoder.end());
    if (this.#pending !== '') this.#finishLine();
  }

  #take(text: string): void {
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.#append(text.slice(start, end));
      this.#finishLine();
      start = end + 1;
    }
    this.#append(text.slice(start));
  }

  #append(text: string): void {
    const grown = this.#pending + text;
    if (grown.length <= MAX_LINE_LENGTH) {
      this.#pending = grown;
      return;
    }
    // An endless progress line restarts at its last \r; any other overlong line loses its tail.
    const lastState = grown.slice(grown.lastIndexOf('\r', grown.length - 2) + 1);
    this.#isCut = lastState.length > MAX_LINE_LENGTH;
    this.#pending = lastState.slice(0, MAX_LINE_LENGTH);
  }

  #finishLine(): void {
    const text = cleanLine(this.#pending) + (this.#isCut ? CUT_MARK : '');
    this.#pending = '';
    this.#isCut = false;
    this.onLine(text);
  }
}
