import { isDeepStrictEqual } from 'node:util';

/** Do two JSON texts hold the same, numbers compared as they are written? Nothing and `null` stand for `{}`. */
export function isSameJson(first: string, second: string): boolean {
  const [a, b] = [first, second].map((text) =>
    text.trim() === '' || text.trim() === 'null' ? '{}' : text,
  ) as [string, string];
  if (a === b) return true;
  try {
    return isDeepStrictEqual(parse(a), parse(b));
  } catch {
    return false;
  }
}

/** Objects as sorted lists; numbers beyond what a double can hold as their text. */
function parse(text: string): unknown {
  const marked = text.replaceAll(
    /("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g,
    (whole: string, quoted: string | undefined) =>
      quoted === undefined && !isExact(whole) ? `"number ${whole}"` : whole,
  );
  return JSON.parse(marked);
}

function isExact(number: string): boolean {
  return !/^-?\d+$/.test(number) || Number.isSafeInteger(Number(number));
}
