const indent = '  ';
const step = /"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * JSON text with a line a member. Only white space changes: numbers, escapes and repeated members stay as they are
 * written, which parsing and writing again would not promise. Text that is no JSON comes out somehow, but whole.
 */
export function indentJson(text: string): string {
  const parts: string[] = [];
  let depth = 0;
  let previous = '';
  for (const [token] of text.matchAll(step)) {
    const isEnd = token === '}' || token === ']';
    const isEmpty = isEnd && (previous === '{' || previous === '[');
    if (isEnd) depth -= 1;
    if (!isEmpty && (isEnd || /^[{[,]$/.test(previous))) parts.push(lineBreak(depth));
    parts.push(token === ':' ? ': ' : token);
    if (token === '{' || token === '[') depth += 1;
    previous = token;
  }
  return parts.join('');
}

function lineBreak(depth: number): string {
  return `\n${indent.repeat(Math.max(0, depth))}`;
}
