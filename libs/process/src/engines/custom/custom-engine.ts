import type { EngineProtocol } from '../../engine-preset.js';
import type { EngineTraits } from '../../engine-traits.js';

/** An engine the owner of this machine declared in a file; checked, but nothing of it comes from the network. */
export interface CustomEngine {
  /** `custom-` and the name it was given. */
  readonly id: string;
  readonly title: string;
  /** Absolute path of the program. */
  readonly command: string;
  /** With `{port}`, `{modelPath}`, `{model}`, `{instanceId}`, `{contextTokens}`, `{parallelSlots}` to be filled in. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly modelForm: EngineTraits['modelForm'];
  readonly protocols: readonly EngineProtocol[];
  readonly readinessPath: string;
  /** The name it serves the model under, with the same words to be filled in. */
  readonly servedModel: string;
  readonly stopSignals: readonly ('SIGTERM' | 'SIGINT')[];
  readonly stopGraceMs: number;
  readonly cancelsOnDisconnect: boolean;
  /** Counts only where it does not cancel. */
  readonly abandonedWorkMs: number;
}
