/** Where JSON stops being JSON, and what should have stood there. Positions count from 0. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';

  constructor(
    readonly position: number,
    readonly expected: string,
  ) {
    super(`expected ${expected} at position ${position}`);
  }
}

/** "line 3, column 14" for people; both count from 1. `isNewline` tells whether a line ends at an index. */
export function describePosition(position: number, isNewline: (index: number) => boolean): string {
  let line = 1;
  let lineStart = 0;
  for (let index = 0; index < position; index += 1) {
    if (!isNewline(index)) continue;
    line += 1;
    lineStart = index + 1;
  }
  return `line ${line}, column ${position - lineStart + 1}`;
}
