import type { ProcessExit } from '../child/engine-leader.js';
import type { ExitClassification, ManagedEnginePreset } from '../engine-preset.js';
import type { InstanceFailure } from '../instance/lifecycle/instance-state.js';
import type { ProcessError } from '../process-error.js';

/** Lines kept with a failure: enough to see what the engine said last. */
export const KEPT_LINES = 50;

function classifiedFailure(
  classification: ExitClassification,
  lastLines: readonly string[],
): InstanceFailure {
  return { ...classification, lastLines };
}

/** A failure found before anything was started: wrong settings, a missing program or file. */
export function preflightFailure(error: ProcessError): InstanceFailure {
  const { code, message } = error;
  return { code, reason: code, message, lastLines: [], isRetryable: false };
}

/** A start that broke on our side, for example because the disk is full. */
export function unexpectedFailure(error: unknown): InstanceFailure {
  const detail = error instanceof Error ? error.message : String(error);
  return {
    code: 'start-failed',
    reason: 'start-failed',
    message:
      'The engine could not be started because of a fault on this machine; its log says which.',
    lastLines: [detail],
    isRetryable: true,
  };
}

const PROGRAM_FAULTS = new Map([
  ['ENOENT', 'does not exist'],
  ['EACCES', 'may not be executed by this user'],
  ['EPERM', 'may not be executed by this user'],
  ['ENOEXEC', 'is no program for this machine'],
]);

function spawnFailure(file: string, error: NodeJS.ErrnoException): InstanceFailure {
  const fault = PROGRAM_FAULTS.get(error.code ?? '');
  if (fault === undefined) return unexpectedFailure(error);
  return {
    code: 'not-installed',
    reason: 'not-installed',
    message: `The engine program ${fault}. Install the engine again or correct its path.`,
    lastLines: [`${file}: ${error.message}`],
    isRetryable: false,
  };
}

/** Why an engine process ended by itself. */
export function exitFailure(
  preset: ManagedEnginePreset,
  file: string,
  exit: ProcessExit,
  context: { readonly lastLines: readonly string[]; readonly wasReady: boolean },
): InstanceFailure {
  if (exit.spawnError !== null) return spawnFailure(file, exit.spawnError);
  const { code, signal } = exit;
  return classifiedFailure(preset.classifyExit({ ...context, code, signal }), context.lastLines);
}
