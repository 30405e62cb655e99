import { readFileSync } from 'node:fs';
import type { Outcome } from './outcome.js';

/** A difference that is right as it is, with the reason. Patterns are regular expressions; those left out fit all. */
export interface KnownException {
  readonly id?: string;
  readonly check?: string;
  readonly client?: string;
  readonly upstream?: string;
  /** Fits from the beginning of the problem. */
  readonly problem: string;
  readonly reason: string;
}

export function readExceptions(): KnownException[] {
  const file = new URL('exceptions.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as KnownException[];
}

/** The exception that explains a problem of an outcome, if there is one. */
export function explain(
  outcome: Outcome,
  problem: string,
  exceptions: readonly KnownException[],
): KnownException | undefined {
  return exceptions.find(
    (known) =>
      new RegExp(`^(?:streamed |whole |local |tap )*(?:${known.problem})`).test(problem) &&
      fits(known.id, outcome.id) &&
      fits(known.check, outcome.check) &&
      fits(known.client, outcome.client) &&
      fits(known.upstream, outcome.upstream),
  );
}

function fits(pattern: string | undefined, text: string): boolean {
  return pattern === undefined || new RegExp(`^(?:${pattern})$`).test(text);
}
