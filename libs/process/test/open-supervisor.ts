import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Supervisor } from '../src/supervisor.js';
import type { SupervisorOptions } from '../src/supervisor-options.js';
import { compileProcess } from './compile-process.js';
import { createFakePreset } from './fake-engine-preset.js';
import type { FakePresetOptions } from './fake-engine-preset.js';
import { temporaryFolder } from './process-checks.js';

/** A supervisor over the fake engine, closed and cleaned up when the test ends. */
export async function openSupervisor(
  fake: FakePresetOptions = {},
  options: Partial<SupervisorOptions> = {},
): Promise<{ supervisor: Supervisor; dataDir: string }> {
  const dataDir = options.dataDir ?? temporaryFolder();
  const supervisor = await Supervisor.open({
    dataDir,
    engines: [createFakePreset(fake)],
    stopGraceMs: 1000,
    guardianEntry: join(compileProcess(), 'guardian', 'main.js'),
    ...options,
  });
  onTestFinished(async () => {
    await supervisor.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { supervisor, dataDir };
}

/** A request that waits long enough for every fake engine. */
export function patient(maxWaitMs = 10_000): { signal: AbortSignal; maxWaitMs: number } {
  return { signal: new AbortController().signal, maxWaitMs };
}
