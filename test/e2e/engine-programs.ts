import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalModelFields } from '../support/management-client/row-fields.js';
import { temporaryFolder } from '../support/start-gateway.js';

const fakeEngine = fileURLToPath(new URL('../support/fake-engine.mjs', import.meta.url));

/** A program of the scripted engine, and the local model that makes the gateway start it. */
export interface ScriptedEngine {
  /** Id of the preset. */
  readonly engine: string;
  /** Name on the PATH, which is also the profile it plays. */
  readonly program: string;
  readonly model: 'file' | 'folder' | 'folder-of-models' | 'name';
}

/** Every engine that is a program of its own; those that are only attached to have no launch line to prove. */
export const scriptedEngines: readonly ScriptedEngine[] = [
  { engine: 'llama-server', program: 'llama-server', model: 'file' },
  { engine: 'llama-server-router', program: 'llama-server', model: 'folder-of-models' },
  { engine: 'mlx-openai-server', program: 'mlx-openai-server', model: 'folder' },
  { engine: 'vllm-mlx', program: 'vllm-mlx', model: 'folder' },
  { engine: 'mlx-lm-server', program: 'mlx_lm.server', model: 'folder' },
  { engine: 'vllm', program: 'vllm', model: 'folder' },
  { engine: 'sglang', program: 'sglang', model: 'folder' },
  { engine: 'ollama', program: 'ollama', model: 'name' },
  { engine: 'localai', program: 'local-ai', model: 'folder-of-models' },
];

/** Programs on a PATH of their own that take the engines' launch lines, and models to start them with. */
export class EnginePrograms {
  readonly models = temporaryFolder('spillway-models-');
  readonly journalPath = join(this.models, 'journal');
  readonly env: Readonly<Record<string, string>>;

  constructor() {
    const programs = temporaryFolder('spillway-programs-');
    for (const program of new Set(scriptedEngines.map((each) => each.program))) {
      const path = join(programs, program);
      // the router has no flag of its own: it is a llama-server without a model
      const routed = `case "$*" in *--models-dir*) profile=llama-server-router;; esac\n`;
      writeFileSync(
        path,
        `#!/bin/sh\nprofile='${program}'\n${program === 'llama-server' ? routed : ''}` +
          `exec '${process.execPath}' '${fakeEngine}' "$@" --profile "$profile"\n`,
      );
      chmodSync(path, 0o755);
    }
    this.writeModels();
    this.env = {
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
      SPILLWAY_MODEL_DIRS: this.models,
      // one of the few names that reach an engine
      GGML_FAKE_JOURNAL: this.journalPath,
    };
  }

  /** What the management API is told of the engine's model. */
  fieldsOf({ engine, model }: ScriptedEngine): LocalModelFields {
    const base = { name: engine, engine, parallelSlots: 4 };
    switch (model) {
      case 'file':
        return { ...base, modelPath: join(this.models, 'tiny.gguf') };
      case 'folder':
        return { ...base, modelPath: join(this.models, 'tiny') };
      case 'folder-of-models':
        return { ...base, modelPath: this.models, upstreamModel: 'tiny' };
      case 'name':
        return { ...base, upstreamModel: 'tiny' };
    }
  }

  /** Lines the engines wrote: starts, prompts, and models they were wrongly asked for. */
  journal(): string[] {
    if (!existsSync(this.journalPath)) return [];
    return readFileSync(this.journalPath, 'utf8').split('\n').filter(Boolean);
  }

  private writeModels(): void {
    writeFileSync(join(this.models, 'tiny.gguf'), 'GGUF and more');
    const folder = join(this.models, 'tiny');
    mkdirSync(folder);
    writeFileSync(join(folder, 'config.json'), '{}');
    writeFileSync(join(folder, 'model.safetensors'), 'weights');
  }
}
