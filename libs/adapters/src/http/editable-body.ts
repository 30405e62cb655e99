import type { ByteEdit } from '#translation';
import { largeBodyBytes } from './body-memory.js';
import { PiecewiseBody } from './piecewise-body.js';

/** What an upstream is sent. */
export type UpstreamBody = Buffer | string | PiecewiseBody;

const noBytes = Buffer.alloc(0);

/**
 * A request body whose declared edits are written with as few copies as possible: copying large prompts is
 * the dearest thing a pass-through gateway can do. Between two attempts the body is put back as it came.
 */
export class EditableBody {
  /** What an edit has overwritten, one character a byte: a string costs a fraction of a buffer. */
  private undo: { readonly at: number; readonly latin1: string } | null = null;
  private sendingCount = 0;

  /** @param onRelease hears, once, that the bytes are not needed any more, but for what the network may still read. */
  constructor(
    private bytes: Buffer,
    private readonly onRelease?: (mayStillBeRead: boolean) => void,
  ) {}

  /** The bytes as the caller sent them. */
  get original(): Buffer {
    if (this.undo !== null) {
      this.bytes.write(this.undo.latin1, this.undo.at, 'latin1');
      this.undo = null;
    }
    return this.bytes;
  }

  withEdits(edits: readonly ByteEdit[]): Buffer | PiecewiseBody {
    const bytes = this.original;
    const [first] = edits;
    if (edits.length === 1 && first !== undefined && this.fitsInPlace(first)) {
      this.overwrite(first);
      return bytes.length < largeBodyBytes ? bytes : this.lend([bytes]);
    }
    const parts = splice(bytes, edits);
    return bytes.length < largeBodyBytes ? Buffer.concat(parts) : this.lend(parts);
  }

  /** The request is over: nothing can be read from it any more. */
  release(): void {
    this.bytes = noBytes;
    this.undo = null;
    this.onRelease?.(this.sendingCount > 0);
  }

  private lend(parts: readonly Buffer[]): PiecewiseBody {
    this.sendingCount += 1;
    return new PiecewiseBody(parts, () => (this.sendingCount -= 1));
  }

  private fitsInPlace(edit: ByteEdit): boolean {
    return (
      Buffer.byteLength(edit.text) <= edit.span.end - edit.span.start && edit.text.startsWith('"')
    );
  }

  /** Spaces behind a JSON string are JSON still, so a shorter name keeps the content length. */
  private overwrite({ span, text }: ByteEdit): void {
    this.undo = { at: span.start, latin1: this.bytes.toString('latin1', span.start, span.end) };
    const written = this.bytes.write(text, span.start);
    this.bytes.fill(0x20, span.start + written, span.end);
  }
}

function splice(bytes: Buffer, edits: readonly ByteEdit[]): Buffer[] {
  const pieces: Buffer[] = [];
  let position = 0;
  for (const edit of edits.toSorted((a, b) => a.span.start - b.span.start)) {
    pieces.push(bytes.subarray(position, edit.span.start), Buffer.from(edit.text));
    position = edit.span.end;
  }
  pieces.push(bytes.subarray(position));
  return pieces;
}
