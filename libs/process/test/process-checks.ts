import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createProcessTable } from '../src/process-table/create-process-table.js';

const table = createProcessTable();

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-process-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** True while the pid is a process that does something; a zombie does not. */
export function isAlive(pid: number): boolean {
  return table.read(pid)?.isAlive ?? false;
}

/** Polls until the condition holds; fails after the limit with the given name. */
export async function waitFor(
  name: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 5000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${limitMs} ms in vain: ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
