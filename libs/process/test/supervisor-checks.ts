import { readFileSync } from 'node:fs';
import type { InstanceView } from '../src/instance-view.js';
import type { ProcessError } from '../src/process-error.js';
import type { Supervisor } from '../src/supervisor.js';

/** Lines of the fake engine's journal that begin with the word. */
export function journalLines(path: string, word: string): string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line.startsWith(word));
}

/** The engine process of the model every test uses. */
export function pidOf(supervisor: Supervisor): number {
  const pid = supervisor.view('model-1').instance?.pid;
  if (pid == null) throw new Error('No engine process runs.');
  return pid;
}

/** The error a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<ProcessError> {
  return promise.then(
    () => Promise.reject(new Error('It was expected to fail.')),
    (error: ProcessError) => error,
  );
}

export function firstEnded(supervisor: Supervisor): InstanceView | undefined {
  return supervisor.list().find(({ endedAt }) => endedAt !== null);
}
