import { JsonObjectScanner } from './json-object-scanner.js';

/** A tool call as the model wrote it. */
interface WrittenCall {
  readonly name: string;
  /** Text of a JSON object. */
  readonly argumentsText: string;
}

/** The form that Hermes and Qwen write: the name first, then an object of arguments. */
const USUAL_HEAD =
  /^\s*\{\s*"name"\s*:\s*("(?:[^"\\]|\\.)*")\s*,\s*"(?:arguments|parameters)"\s*:\s*(?=\{)/;

/** The beginning of a call up to its arguments, when all of that is there and has the usual form; else null. */
export function readCallHead(text: string): { name: string; length: number } | null {
  const head = USUAL_HEAD.exec(text);
  const name = parseJson(head?.[1] ?? '');
  return head !== null && typeof name === 'string' ? { name, length: head[0].length } : null;
}

/** A finished call of any form, such as one without arguments or with its name last; null when it is none. */
export function readWholeCall(text: string): WrittenCall | null {
  const call = parseJson(text);
  if (typeof call !== 'object' || call === null || !('name' in call)) return null;
  const name = call.name;
  if (typeof name !== 'string') return null;
  const given = 'arguments' in call ? call.arguments : 'parameters' in call ? call.parameters : {};
  if (typeof given === 'string') return { name, argumentsText: given };
  const value = JSON.stringify(given ?? {});
  return { name, argumentsText: asWritten(text, value) ?? value };
}

/** The place in the text that holds just this value, so that its numbers stay as they were written. */
function asWritten(text: string, value: string): string | null {
  for (const { index, 0: key } of text.matchAll(/"(?:arguments|parameters)"\s*:\s*(?=\{)/g)) {
    const rest = text.slice(index + key.length);
    const written = rest.slice(0, new JsonObjectScanner().push(rest));
    if (JSON.stringify(parseJson(written)) === value) return written;
  }
  return null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
