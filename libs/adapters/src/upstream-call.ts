import { GatewayError } from '#translation';
import type { Dispatcher } from 'undici';
import type { EgressClient } from './egress/egress-client.js';
import { isThisMachine } from './egress/egress-policy.js';
import { describeNetworkError } from './http/describe-network-error.js';
import type { UpstreamBody } from './http/editable-body.js';
import { PiecewiseBody } from './http/piecewise-body.js';
import type { UpstreamEndpoint } from './upstream-endpoint.js';

/** In milliseconds. A timeout that strikes before the head leaves it open whether the upstream billed the request. */
export interface UpstreamTimeouts {
  /** From the request's last byte to the answer's head; 0 = none. */
  readonly headersMs: number;
  /** Between two pieces of the answer; 0 = none. */
  readonly idleMs: number;
}

/** Names in lower case; a list where a header came more than once. */
export type UpstreamHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Hears the answer. After `onEnd` or `onError` nothing more comes; after `abort` nothing at all. */
export interface UpstreamListener {
  onHead(status: number, headers: UpstreamHeaders): void;
  /** Return false to pause; call `resume` on the call when the client has caught up. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  onError(error: GatewayError): void;
}

export interface UpstreamCallOptions {
  readonly endpoint: UpstreamEndpoint;
  /** Headers beyond the endpoint's own, flat name/value list. */
  readonly headers: readonly string[];
  readonly body: UpstreamBody;
  readonly timeouts: UpstreamTimeouts;
  /** May the request leave this machine? Planning sees to it; this is the last door. */
  readonly isPrivate: boolean;
}

/**
 * One HTTP exchange with an upstream, as callbacks: no streams, no promises, because this is the hot path
 * (an undici `dispatch` costs an eighth of a `fetch`).
 */
export class UpstreamCall implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | null = null;
  private isOver = false;
  private hasHead = false;

  constructor(private readonly listener: UpstreamListener) {}

  /** Did the upstream answer at all? Decides whether a failed call may have been billed. */
  get sawHead(): boolean {
    return this.hasHead;
  }

  start(egress: EgressClient, options: UpstreamCallOptions): void {
    const { endpoint, body } = options;
    try {
      assertMayLeave(options);
      egress.pool(endpoint.origin, endpoint.allowPrivateNetwork).dispatch(
        {
          path: endpoint.path,
          method: 'POST',
          headers: headersOf(options),
          // undici takes any async iterable; its types name only some
          body: body as Buffer,
          headersTimeout: options.timeouts.headersMs,
          bodyTimeout: options.timeouts.idleMs,
        },
        this,
      );
    } catch (error) {
      this.fail(error);
    }
  }

  /**
   * Ends the exchange and frees the socket at once. Idempotent; silences the listener.
   * @returns true when this cut it off: false when it was over already.
   */
  abort(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    this.controller?.abort(new Error('aborted by the gateway'));
    return true;
  }

  resume(): void {
    if (!this.isOver) this.controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isOver) controller.abort(new Error('aborted by the gateway'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: UpstreamHeaders,
  ): void {
    if (this.isOver || status < 200) return;
    this.hasHead = true;
    this.listener.onHead(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.isOver && !this.listener.onData(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.listener.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  private fail(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.listener.onError(
      error instanceof GatewayError ? error : describeNetworkError(error, this.hasHead),
    );
  }
}

function headersOf({ endpoint, headers, body }: UpstreamCallOptions): string[] {
  const all = endpoint.headers.slice();
  for (const each of headers) all.push(each);
  // undici knows the length of a body in one piece by itself
  if (body instanceof PiecewiseBody) all.push('content-length', String(body.byteLength));
  return all;
}

/** @throws GatewayError `egress_blocked` for a private request to anything but an engine of this machine. */
function assertMayLeave({ endpoint, isPrivate }: UpstreamCallOptions): void {
  if (!isPrivate || (endpoint.isLocal && isThisMachine(endpoint.origin))) return;
  throw new GatewayError(
    'egress_blocked',
    'This request is private and was about to leave this machine, so it was stopped. The route and the key are configured correctly; please report this.',
    { details: { wasSent: false } },
  );
}
