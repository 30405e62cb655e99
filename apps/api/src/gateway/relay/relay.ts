import type { AnswerFacts } from '#translation';

/** What goes to the caller now; null = nothing yet. */
export type Output = Buffer | string | null;

/**
 * Turns the upstream's answer into the caller's. Four kinds: the same protocol or not, streamed or not.
 * A relay never writes by itself and never throws on what an upstream sends.
 */
export interface Relay {
  push(chunk: Buffer): Output;
  /** The upstream closed. */
  end(): Output;
  /** Has enough arrived to tell a real answer from an error in disguise? */
  readonly isReady: boolean;
  readonly facts: AnswerFacts;
}
