import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalModel } from '../support/management-client.js';
import type { LocalModelFields, TargetFields } from '../support/management-client/row-fields.js';
import { findEngines } from '../support/start-gateway/end-engines.js';
import { temporaryFolder } from '../support/start-gateway.js';
import type { TestBed } from './test-bed.js';

const fakeServer = fileURLToPath(new URL('./fake-llama-server.mjs', import.meta.url));

/** See the head of `fake-llama-server.mjs`. */
export interface EngineBehaviour {
  readonly loadMs?: number;
  readonly wordMs?: number;
  readonly words?: number;
  readonly firstMs?: number;
  readonly exitOnPrompt?: number;
  readonly exitAtOnce?: string;
  readonly lines?: number;
}

/** A folder of model files and a program that takes llama-server's place; `env` makes a gateway use both. */
export class LocalEngines {
  readonly folder = temporaryFolder('spillway-models-');
  readonly env: Readonly<Record<string, string>>;

  constructor() {
    const binary = join(temporaryFolder('spillway-bin-'), 'llama-server');
    writeFileSync(binary, `#!/bin/sh\nexec '${process.execPath}' '${fakeServer}' "$@"\n`);
    chmodSync(binary, 0o755);
    this.env = { SPILLWAY_MODEL_DIRS: this.folder, LLAMA_SERVER_BIN: binary };
  }

  pathOf(name: string): string {
    return join(this.folder, `${name}.gguf`);
  }

  /** A file that begins like a model. */
  writeModel(name: string, behaviour: EngineBehaviour = {}): string {
    writeFileSync(this.pathOf(name), Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(64)]));
    writeFileSync(`${this.pathOf(name)}.json`, JSON.stringify(behaviour));
    return this.pathOf(name);
  }

  /** A local model with a route of the same name to it. */
  async addModel(
    bed: TestBed,
    name: string,
    behaviour: EngineBehaviour = {},
    fields: Partial<LocalModelFields> = {},
  ): Promise<LocalModel> {
    const modelPath = this.writeModel(name, behaviour);
    const model = await bed.admin.createLocalModel({
      name,
      engine: 'llama-server',
      modelPath,
      ...fields,
    });
    const target: TargetFields = { kind: 'local', localModelId: model.id };
    await bed.routeTo(name, [target]);
    return model;
  }

  /** What the engines of the model wrote down, by the first word of the line. */
  journal(name: string, word: 'start' | 'prompt' | 'environment' | 'left'): string[] {
    const path = `${this.pathOf(name)}.journal`;
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length + 1));
  }

  /** Pid of the engine that was started last. @throws Error when there was none. */
  lastPid(name: string): number {
    const pid = Number(this.journal(name, 'start').at(-1));
    if (!Number.isInteger(pid) || pid <= 0) throw new Error(`no engine was started for ${name}`);
    return pid;
  }
}

/** Pids of live processes that carry the mark of an engine of this data folder. Needs `/proc`. */
export function engineProcesses(dataDir: string): number[] {
  return findEngines(dataDir).map(({ pid }) => pid);
}

/** Waits until `holds` answers true. @throws Error saying what was waited for. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 10_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
