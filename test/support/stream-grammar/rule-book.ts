/** A JSON object of a stream or a body, read without trust. */
export type Json = Readonly<Record<string, unknown>>;

export interface Frame {
  readonly name: string | null;
  readonly data: string;
}

/** Notes the rules that do not hold, each once and in words. */
export class RuleBook {
  readonly #broken = new Set<string>();

  get broken(): string[] {
    return [...this.#broken];
  }

  holds(isKept: boolean, rule: string): void {
    if (!isKept) this.#broken.add(rule);
  }
}

/** The frames of a stream as a strict reader takes them: LF lines, one blank line behind each, no comments. */
export function readFrames(stream: string): Frame[] {
  return stream
    .split('\n\n')
    .filter((frame) => frame !== '' && !frame.startsWith(':'))
    .map((frame) => {
      const lines = frame.split('\n');
      const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
      const name = lines.find((line) => line.startsWith('event: '))?.slice(7) ?? null;
      return { name, data: data.join('\n') };
    });
}

/** An empty object for anything that is none. */
export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : {};
}

export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

/** An empty object for text that is no JSON object. */
export function parseObject(text: string): Json {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

export function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

export function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

/** 0 for what is no count. */
export function countOf(value: unknown): number {
  return isCount(value) ? value : 0;
}
