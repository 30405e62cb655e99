import type { LlamaSequence, Token } from './llama-library.js';

/** As many sequences as requests may run at once; further requests wait in the order they came. */
export class SequencePool {
  readonly #all: readonly LlamaSequence[];
  readonly #free: LlamaSequence[];
  readonly #waiting: ((sequence: LlamaSequence) => void)[] = [];

  constructor(sequences: readonly LlamaSequence[]) {
    this.#all = sequences;
    this.#free = [...sequences];
  }

  get size(): number {
    return this.#all.length;
  }

  /** Sequences that are lent. */
  get lent(): number {
    return this.#all.length - this.#free.length;
  }

  /** Requests that wait for one. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Tokens in the cache, of all sequences. */
  get heldTokens(): number {
    return this.#all.reduce((sum, { nextTokenIndex }) => sum + nextTokenIndex, 0);
  }

  /**
   * Answers the free sequence that remembers most of the prompt, or else the next that is released. The caller must
   * release it. @throws Error when the signal aborts first.
   */
  acquire(prompt: readonly Token[], signal: AbortSignal): Promise<LlamaSequence> {
    signal.throwIfAborted();
    const sequence = this.#takeBest(prompt);
    if (sequence !== undefined) return Promise.resolve(sequence);
    return new Promise((resolve, reject) => {
      const enter = (next: LlamaSequence): void => {
        signal.removeEventListener('abort', leave);
        resolve(next);
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(new Error('the caller left while waiting'));
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(enter);
    });
  }

  release(sequence: LlamaSequence): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(sequence);
    else next(sequence);
  }

  #takeBest(prompt: readonly Token[]): LlamaSequence | undefined {
    const known = this.#free.map(({ contextTokens }) => commonPrefix(contextTokens, prompt));
    return this.#free.splice(known.indexOf(Math.max(...known)), 1)[0];
  }
}

function commonPrefix(known: readonly Token[], prompt: readonly Token[]): number {
  const differsAt = known.findIndex((token, index) => token !== prompt[index]);
  return differsAt === -1 ? known.length : differsAt;
}
