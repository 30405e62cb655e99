import type { LlamaSequence, Token } from './llama-library.js';

/** A prompt is read in parts that take about this long, because a part that has begun cannot be stopped. */
const partMs = 250;
const leastPart = 32;
const mostPart = 512;

/**
 * Reads the prompt up to its last part, which is answered for the caller to go on with; what the sequence remembers of
 * it is not read again. Answers null when the signal aborts on the way. `onRead` hears how many tokens each part had.
 */
export async function evaluatePrompt(
  sequence: LlamaSequence,
  prompt: Token[],
  signal: AbortSignal,
  onRead: (tokens: number) => void,
): Promise<Token[] | null> {
  // at least one token must be evaluated to get the next
  await sequence.adaptStateToTokens(prompt.slice(0, -1), false);
  let part = leastPart;
  for (;;) {
    if (signal.aborted) return null;
    const rest = prompt.slice(sequence.nextTokenIndex);
    if (rest.length <= part) return rest;
    const startedAt = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(rest.slice(0, part));
    onRead(part);
    part = nextPart(part, performance.now() - startedAt);
  }
}

function nextPart(part: number, tookMs: number): number {
  if (tookMs < partMs / 2) return Math.min(part * 2, mostPart);
  return tookMs > partMs * 2 ? Math.max(Math.floor(part / 2), leastPart) : part;
}
