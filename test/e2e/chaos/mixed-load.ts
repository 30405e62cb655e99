import type { TestBed } from '../test-bed.js';

const callers = 6;
const patienceMs = 40_000;

/** A kind of request: where it goes, and how. */
export interface LoadedRoute {
  readonly route: string;
  readonly isStream: boolean;
}

/** Callers that ask without end, through the gateway that is there, and take every answer as it comes. */
export class MixedLoad {
  /** Answers that came whole, with status 200. */
  answered = 0;
  /** Refusals, broken connections and broken streams. */
  failed = 0;
  /** Requests that got neither an answer nor an error: each is a ticket that was lost. */
  hung = 0;
  private isOver = false;
  private readonly running: Promise<unknown>;

  constructor(
    private readonly bed: TestBed,
    private readonly key: string,
    private readonly routes: readonly LoadedRoute[],
    private readonly random: () => number,
  ) {
    this.running = Promise.all(Array.from({ length: callers }, () => this.call()));
  }

  /** Resolves when the last request has ended. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  private async call(): Promise<void> {
    while (!this.isOver) {
      const isAnswered = await this.askOnce();
      // while there is no gateway, asking in vain only slows its start
      const pauseMs = (isAnswered ? 40 : 250) + this.random() * 80;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  private async askOnce(): Promise<boolean> {
    const { route, isStream } = this.routes[Math.floor(this.random() * this.routes.length)] ?? {
      route: '',
      isStream: false,
    };
    const signal = AbortSignal.timeout(patienceMs);
    try {
      const { key } = this;
      const response = await this.bed.ask('openai-chat', route, { isStream, key, signal });
      const text = await response.text();
      const isWhole = response.status === 200 && (!isStream || text.includes('[DONE]'));
      if (isWhole) this.answered += 1;
      else this.failed += 1;
      return isWhole;
    } catch {
      if (signal.aborted) this.hung += 1;
      else this.failed += 1;
      return false;
    }
  }
}
