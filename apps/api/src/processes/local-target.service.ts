import { ProcessError, Supervisor, type Lease, type LocalModelSpec } from '#process';
import { Injectable } from '@nestjs/common';
import { GatewayError, type ErrorCode } from '#translation';
import type { IncomingHttpHeaders } from 'node:http';

/** How long a request waits for a model that is being loaded when its caller did not say. */
const defaultWaitMs = 300_000;
/** What is kept back of the caller's patience for the answer itself. */
const answerShareMs = 1_000;

/** Whoever waits: its patience is in its headers, its leaving is an event. */
interface Waiter {
  readonly request: { readonly headers: IncomingHttpHeaders };
  readonly reply: { onInterrupt(listener: (() => void) | null): void; readonly isGone: boolean };
}

const codes: Readonly<Record<ProcessError['code'], ErrorCode>> = {
  'not-installed': 'engine_not_installed',
  'model-missing': 'engine_model_missing',
  'start-failed': 'engine_start_failed',
  'start-timeout': 'engine_start_timeout',
  'out-of-memory': 'engine_out_of_memory',
  crashed: 'engine_crashed',
  'queue-full': 'engine_queue_full',
  cancelled: 'request_cancelled',
  'wait-exceeded': 'engine_start_timeout',
  'port-conflict': 'engine_port_conflict',
  backoff: 'engine_backoff',
  'shutting-down': 'shutting_down',
};

/** Makes a local model ready for one attempt and puts the supervisor's failures into the gateway's words. */
@Injectable()
export class LocalTargetService {
  constructor(private readonly supervisor: Supervisor) {}

  /** @throws GatewayError */
  async acquire(waiter: Waiter, spec: LocalModelSpec): Promise<Lease> {
    const left = new AbortController();
    waiter.reply.onInterrupt(() => left.abort());
    if (waiter.reply.isGone) left.abort();
    try {
      return await this.supervisor.acquire(spec, {
        signal: left.signal,
        maxWaitMs: patienceMs(waiter.request.headers),
      });
    } catch (error) {
      throw asGatewayError(error);
    } finally {
      waiter.reply.onInterrupt(null);
    }
  }
}

/** The official SDKs say how long they will wait (`x-stainless-timeout`, in seconds); others may say so to us. */
function patienceMs(headers: IncomingHttpHeaders): number {
  const own = Number(headers['x-spillway-max-wait'] ?? Number.NaN);
  if (Number.isFinite(own) && own >= 0) return own * 1000;
  const seconds = Number(headers['x-stainless-timeout'] ?? Number.NaN);
  if (!Number.isFinite(seconds) || seconds <= 0) return defaultWaitMs;
  return Math.max(answerShareMs, seconds * 1000 - answerShareMs);
}

export function asGatewayError(error: unknown): GatewayError {
  if (!(error instanceof ProcessError))
    return new GatewayError(
      'engine_start_failed',
      'The local engine could not be started. The request log and the instance log tell why.',
      { cause: error },
    );
  return new GatewayError(codes[error.code], error.message, {
    retryAfterMs: error.retryAfterMs ?? undefined,
    cause: error,
  });
}
