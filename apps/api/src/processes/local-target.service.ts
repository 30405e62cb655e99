import {
  ProcessError,
  Supervisor,
  type EngineProtocol,
  type Lease,
  type LocalModelSpec,
  type ModelOutlook,
} from '#process';
import { Injectable, Logger } from '@nestjs/common';
import { GatewayError, type ErrorCode } from '#translation';

/** Whoever waits: how long it may, and its being stopped. */
interface Waiter {
  readonly maxWaitMs: number;
  onStop(listener: ((stop: string) => void) | null): void;
}

const codes: Readonly<Record<ProcessError['code'], ErrorCode>> = {
  'not-installed': 'engine_not_installed',
  'platform-unsupported': 'engine_platform_unsupported',
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
  disabled: 'engine_disabled',
  paused: 'engine_paused',
  'shutting-down': 'shutting_down',
};

/** Makes a local model ready for one attempt and puts the supervisor's failures into the gateway's words. */
@Injectable()
export class LocalTargetService {
  private readonly logger = new Logger(LocalTargetService.name);

  constructor(private readonly supervisor: Supervisor) {}

  /** What a request would meet now. Asking changes nothing. */
  outlook(spec: LocalModelSpec): ModelOutlook {
    return this.supervisor.outlook(spec);
  }

  /** What its engine speaks, without starting it; empty when that is not known. */
  protocolsOf({ engine }: LocalModelSpec): readonly EngineProtocol[] {
    return this.supervisor.protocolsOf(engine);
  }

  /** Loads the model for later requests. What goes wrong shows with the next one. */
  warm(spec: LocalModelSpec): void {
    this.supervisor.start(spec).catch((error: unknown) => {
      this.logger.warn(`the local model ${spec.name} could not be loaded ahead: ${String(error)}`);
    });
  }

  /** @throws GatewayError */
  async acquire(waiter: Waiter, spec: LocalModelSpec): Promise<Lease> {
    const left = new AbortController();
    let stopped: string | null = null;
    waiter.onStop((stop) => {
      stopped = stop;
      left.abort();
    });
    try {
      const { maxWaitMs } = waiter;
      return await this.supervisor.acquire(spec, { signal: left.signal, maxWaitMs });
    } catch (error) {
      if (stopped === 'gateway stops')
        throw new GatewayError('shutting_down', 'The gateway was stopped before it could answer.');
      throw asGatewayError(error);
    } finally {
      waiter.onStop(null);
    }
  }
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
