import type { EngineProtocol } from './engine-preset.js';

/** The right to send requests to a ready engine. It is not stopped for being idle while a lease is held. */
export interface Lease {
  readonly instanceId: string;
  /** `http://127.0.0.1:port`, or `unix:/path` of a socket. */
  readonly origin: string;
  /** The model name to send to the engine. */
  readonly servedModel: string;
  readonly protocols: readonly EngineProtocol[];
  readonly apiKey: string | null;
  /** True when this request waited for the engine to start. */
  readonly startedCold: boolean;
  /** Milliseconds waited before the load began, and for the load itself. */
  readonly queueMs: number;
  readonly loadMs: number;
  /** Aborts when the engine dies or is stopped under the lease. */
  readonly lost: AbortSignal;
  /** To be called when the engine has been silent for too long: it gets no new requests until a probe has judged it. */
  reportStall(): void;
  /** To be called when the engine gave a whole good answer: that ends every doubt about it. */
  reportAnswer(): void;
  /** To be called when the request is given up before its answer has ended: the engine may go on with it. */
  reportAbandoned(): void;
  /** To be called when the last byte went to the client; further calls do nothing. */
  release(): void;
}

interface LeaseTerms {
  readonly instanceId: string;
  readonly origin: string;
  readonly servedModel: string;
  readonly protocols: readonly EngineProtocol[];
  readonly startedCold: boolean;
  readonly queueMs: number;
  readonly loadMs: number;
  /** Monotonic milliseconds. */
  readonly grantedMs: number;
}

/** Whose lease it is. */
interface LeaseHolder {
  release(lease: HeldLease): void;
  stall(): void;
  answer(): void;
}

/** A lease as the local model holds it. Its signal is made on first use: most requests never ask. */
export class HeldLease implements Lease {
  readonly apiKey = null;
  #lost: AbortController | null = null;
  #isLost = false;
  #isReleased = false;
  #isAbandoned = false;

  constructor(
    private readonly terms: LeaseTerms,
    private readonly holder: LeaseHolder,
  ) {}

  get instanceId(): string {
    return this.terms.instanceId;
  }

  get origin(): string {
    return this.terms.origin;
  }

  get servedModel(): string {
    return this.terms.servedModel;
  }

  get grantedMs(): number {
    return this.terms.grantedMs;
  }

  get protocols(): readonly EngineProtocol[] {
    return this.terms.protocols;
  }

  get startedCold(): boolean {
    return this.terms.startedCold;
  }

  get queueMs(): number {
    return this.terms.queueMs;
  }

  get loadMs(): number {
    return this.terms.loadMs;
  }

  // One signal per lease, not one per engine: listeners on a signal that lives for days would pile up.
  get lost(): AbortSignal {
    if (this.#lost === null) {
      this.#lost = new AbortController();
      if (this.#isLost) this.#lost.abort();
    }
    return this.#lost.signal;
  }

  lose(): void {
    this.#isLost = true;
    this.#lost?.abort();
  }

  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  reportAbandoned(): void {
    this.#isAbandoned = true;
  }

  reportStall(): void {
    if (!this.#isReleased && !this.#isLost) this.holder.stall();
  }

  reportAnswer(): void {
    if (!this.#isReleased && !this.#isLost) this.holder.answer();
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.holder.release(this);
  }
}
