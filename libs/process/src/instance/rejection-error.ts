import { ProcessError } from '../process-error.js';
import type { Rejection } from './lifecycle/instance-effect.js';
import type { InstanceFailure } from './lifecycle/instance-state.js';

/** Where nobody knows how long the queue takes, and at least. */
const QUEUE_RETRY_MS = 1000;

/** Turns a decision of the reducer into the error its caller sees. */
export function rejectionError(
  modelName: string,
  cause: Rejection,
  retryAfterMs: number | null,
  failure: InstanceFailure | null,
): ProcessError {
  switch (cause) {
    case 'queue-full': {
      const message = `Too many requests already wait for the local model "${modelName}". Try again in a moment.`;
      const waitMs = Math.max(retryAfterMs ?? 0, QUEUE_RETRY_MS);
      return new ProcessError('queue-full', message, { retryAfterMs: waitMs });
    }
    case 'stopped': {
      const message = `The local model "${modelName}" was stopped while it was starting. Send the request again to start it.`;
      return new ProcessError('start-failed', message);
    }
    case 'disabled': {
      const message = `The local model "${modelName}" is disabled. Enable it in the panel.`;
      return new ProcessError('disabled', message);
    }
    case 'paused': {
      const message = `The local model "${modelName}" is not loaded, and loading is paused. Resume it in the panel.`;
      return new ProcessError('paused', message);
    }
    case 'shutting-down':
      return new ProcessError('shutting-down', 'Local models are being shut down.');
    case 'backoff': {
      const seconds = Math.ceil((retryAfterMs ?? 0) / 1000);
      const message = `The local model "${modelName}" failed and is not tried again for ${seconds} s. ${failure?.message ?? ''}`;
      const lastLines = failure?.lastLines ?? [];
      return new ProcessError('backoff', message.trim(), { retryAfterMs, lastLines });
    }
    case 'failure': {
      const { code, message, lastLines } = failure ?? unknownFailure;
      return new ProcessError(code, message, { retryAfterMs, lastLines });
    }
  }
}

const unknownFailure = {
  code: 'start-failed',
  message: 'The engine did not start.',
  lastLines: [],
} as const;
