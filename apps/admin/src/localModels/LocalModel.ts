export type LocalEngine = 'embedded' | 'llama-server' | 'attached';

export type LocalModelState =
  'cold' | 'starting' | 'ready' | 'draining' | 'stopping' | 'backoff' | 'failed' | 'unavailable';

/** One row of `/api/local-models`. */
export interface LocalModel {
  readonly id: string;
  readonly name: string;
  readonly engine: LocalEngine;
  readonly modelPath: string | null;
  readonly endpoint: string | null;
  readonly upstreamModel: string | null;
  readonly contextTokens: number | null;
  readonly parallelSlots: number;
  readonly idleStopMs: number | null;
  readonly isEnabled: boolean;
  readonly state: LocalModelState;
  readonly stateReason: string | null;
}

export interface EngineChoice {
  readonly id: LocalEngine;
  readonly name: string;
  readonly explanation: string;
}

export const engineChoices: readonly EngineChoice[] = [
  {
    id: 'llama-server',
    name: 'llama-server',
    explanation:
      'Spillway starts llama.cpp’s server when a request needs it and stops it when idle. The usual choice for a .gguf file.',
  },
  {
    id: 'embedded',
    name: 'Embedded engine',
    explanation: 'Runs the .gguf file in a process of Spillway’s own, without llama-server.',
  },
  {
    id: 'attached',
    name: 'Attached server',
    explanation:
      'A server that is already listening on this machine, such as Ollama, LM Studio or vLLM. Spillway uses it but does not start or stop it.',
  },
];

export function engineName(engine: string): string {
  return engineChoices.find(({ id }) => id === engine)?.name ?? engine;
}
