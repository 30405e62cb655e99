/** Stands for a {@link JsonText} while the rest is written. */
const mark = '\u0000\u0001json\u0001\u0000';
const writtenMark = JSON.stringify(mark);

/** Met since the last start, in the order in which JSON.stringify walks. */
let met: string[] = [];

/** JSON text that goes out as it is. */
export class JsonText {
  constructor(readonly json: string) {}

  /** For {@link writeJson}. */
  toJSON(): string {
    met.push(this.json);
    return mark;
  }
}

/**
 * Like JSON.stringify, but splices {@link JsonText} unchanged and leaves out members that are undefined.
 * Lone surrogates come out as escapes, so the text is always well-formed UTF-8.
 */
export function writeJson(value: unknown): string {
  if (met.length > 0) met = [];
  const text = JSON.stringify(value) ?? 'null';
  if (met.length === 0) return text;
  const pieces = text.split(writtenMark);
  // a caller's own text may hold the mark
  if (pieces.length !== met.length + 1) return writePiecemeal(value);
  let written = pieces[0] ?? '';
  for (let index = 0; index < met.length; index += 1)
    written += `${met[index]}${pieces[index + 1]}`;
  return written;
}

function writePiecemeal(value: unknown): string {
  if (value instanceof JsonText) return value.json;
  if (Array.isArray(value)) return `[${value.map(writePiecemeal).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${writePiecemeal(member)}`);
  }
  return `{${members.join(',')}}`;
}
