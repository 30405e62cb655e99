import { shortHash } from './short-hash.js';

/** Prefixes that other protocols put in front of their ids. */
const foreignPrefix = /^(?:chatcmpl-|msg_|resp_|gen-|call_|toolu_)/;
const invalidCharacter = /[^a-zA-Z0-9_-]/g;

/** An id of our own kind, made from the upstream's id or, where it gave none, from our request's. */
export function replyId(prefix: string, upstreamId: string | null, requestId: string): string {
  const id = upstreamId ?? requestId;
  if (id.startsWith(prefix)) return id;
  return prefix + id.replace(foreignPrefix, '').replace(invalidCharacter, '-');
}

/**
 * Ids for the tool calls of one answer: the upstream's own where they are usable, else made from our
 * request's id. Never two alike, since results are matched by them.
 */
export class ToolCallIds {
  readonly #taken = new Set<string>();

  constructor(
    private readonly prefix: string,
    private readonly requestId: string,
  ) {}

  next(upstreamId: string | null): string {
    const made = `${this.prefix}${this.requestId.replace(invalidCharacter, '-')}`;
    const base = upstreamId === null ? `${made}_${this.#taken.size}` : toolCallId(upstreamId);
    let id = base;
    for (let copy = 2; this.#taken.has(id); copy += 1) id = `${base}_${copy}`;
    this.#taken.add(id);
    return id;
  }
}

/**
 * The id with only letters, digits, `_` and `-`, as Anthropic demands (Kimi sends `functions.name:0`). An
 * altered id ends in a hash of the original, so that different ids stay different. The same input gives
 * the same output, so calls and results keep matching without a table.
 */
export function toolCallId(id: string): string {
  const cleaned = id.replace(invalidCharacter, '_');
  return cleaned === id ? id : `${cleaned}_${shortHash(id)}`;
}

const mistralIdChars = 9;

/** Mistral takes ids of exactly nine letters and digits. The same id always gives the same. */
export function mistralCallId(id: string): string {
  if (/^[a-zA-Z0-9]{9}$/.test(id)) return id;
  const hash = shortHash(id).padStart(7, '0') + shortHash(`${id} again`);
  return hash.slice(0, mistralIdChars).padEnd(mistralIdChars, '0');
}

/** OpenAI takes no longer ids of calls. */
const maxCallIdChars = 64;

/** The id, shortened in the same way each time where it is too long. */
export function shortToolCallId(id: string): string {
  if (id.length <= maxCallIdChars) return id;
  const hash = shortHash(id);
  return `${id.slice(0, maxCallIdChars - hash.length - 1)}_${hash}`;
}
