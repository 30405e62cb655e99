import { GatewayError } from '#translation';
import type { AttemptRecord } from '../../../audit/attempt-record.js';

/**
 * The error of a request whose every target failed: the only failure itself, or the last one's code with the
 * story of all of them, since "the cloud said 429" alone does not explain why it went to the cloud.
 */
export function describeAttempts(
  failures: readonly GatewayError[],
  attempts: readonly AttemptRecord[],
): GatewayError {
  const last = failures.at(-1);
  if (last === undefined)
    return new GatewayError('no_available_target', 'No target of this model could be tried.');
  if (failures.length === 1) return last;
  const story = attempts
    .map(
      (attempt) =>
        `${attempt.position}. ${attempt.target.label}: ${attempt.errorMessage ?? attempt.outcome}`,
    )
    .join(' ');
  return new GatewayError(last.code, `All ${attempts.length} attempts failed. ${story}`, {
    path: last.path ?? undefined,
    retryAfterMs: smallestWait(failures),
    status: last.status,
    cause: last,
  });
}

function smallestWait(failures: readonly GatewayError[]): number | undefined {
  const waits = failures.flatMap((failure) => failure.retryAfterMs ?? []);
  return waits.length === 0 ? undefined : Math.min(...waits);
}
