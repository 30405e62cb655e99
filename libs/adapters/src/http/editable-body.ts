import type { ByteEdit } from '#translation';

/**
 * A request body whose declared edits are written with as few copies as possible: copying large prompts is
 * the dearest thing a pass-through gateway can do. Between two attempts the body is put back as it came.
 */
export class EditableBody {
  private undo: { readonly at: number; readonly original: Buffer } | null = null;

  constructor(private readonly bytes: Buffer) {}

  /** The bytes as the caller sent them. */
  get original(): Buffer {
    if (this.undo !== null) {
      this.undo.original.copy(this.bytes, this.undo.at);
      this.undo = null;
    }
    return this.bytes;
  }

  withEdits(edits: readonly ByteEdit[]): Buffer {
    const bytes = this.original;
    const [first] = edits;
    if (edits.length === 1 && first !== undefined && this.fitsInPlace(first))
      return this.overwrite(first);
    return splice(bytes, edits);
  }

  private fitsInPlace(edit: ByteEdit): boolean {
    return (
      Buffer.byteLength(edit.text) <= edit.span.end - edit.span.start && edit.text.startsWith('"')
    );
  }

  /** Spaces behind a JSON string are JSON still, so a shorter name keeps the content length. */
  private overwrite({ span, text }: ByteEdit): Buffer {
    this.undo = {
      at: span.start,
      original: Buffer.from(this.bytes.subarray(span.start, span.end)),
    };
    const written = this.bytes.write(text, span.start);
    this.bytes.fill(0x20, span.start + written, span.end);
    return this.bytes;
  }
}

function splice(bytes: Buffer, edits: readonly ByteEdit[]): Buffer {
  const pieces: Buffer[] = [];
  let position = 0;
  for (const edit of edits.toSorted((a, b) => a.span.start - b.span.start)) {
    pieces.push(bytes.subarray(position, edit.span.start), Buffer.from(edit.text));
    position = edit.span.end;
  }
  pieces.push(bytes.subarray(position));
  return Buffer.concat(pieces);
}
