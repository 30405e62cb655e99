import type { IncomingHttpHeaders } from 'node:http';

export type UpstreamProtocol =
  'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini-generate';

/** Tokens an upstream would put on its bill; input counts everything that was sent, cached or not. */
export interface BilledTokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** One request as the upstream saw it. All times are epoch milliseconds. */
export interface SeenRequest {
  readonly index: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly bodyBytes: number;
  readonly protocol: UpstreamProtocol | null;
  readonly model: string | null;
  readonly isStream: boolean;
  readonly startedAt: number;
  /** Null while the answer is being written, or for ever when the script hangs. */
  endedAt: number | null;
  /** When the other side closed before the answer was whole. */
  closedByClientAt: number | null;
  status: number | null;
  /** Pieces of output that were handed to the socket. */
  tokensSent: number;
  /** What a whole answer is billed; null for errors. */
  billed: BilledTokens | null;
}

/** Everything an upstream was asked, in order: the oracle that logs and bills are compared with. */
export class UpstreamLog {
  readonly entries: SeenRequest[] = [];

  add(entry: Omit<SeenRequest, 'index'>): SeenRequest {
    const added = { ...entry, index: this.entries.length };
    this.entries.push(added);
    return added;
  }

  /** Inference requests only, without look-ups of the model list. */
  get inference(): readonly SeenRequest[] {
    return this.entries.filter(({ protocol }) => protocol !== null);
  }

  ofModel(model: string): readonly SeenRequest[] {
    return this.entries.filter((entry) => entry.model === model);
  }

  /** The newest request for the model. @throws Error when there was none. */
  last(model: string): SeenRequest {
    const entry = this.ofModel(model).at(-1);
    if (entry === undefined) throw new Error(`the upstream was never asked for ${model}`);
    return entry;
  }

  /** Waits until an entry fits. @throws Error after `timeoutMs`. */
  async waitFor(fits: (entry: SeenRequest) => boolean, timeoutMs = 5_000): Promise<SeenRequest> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = this.entries.find(fits);
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`no such upstream request in ${timeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
