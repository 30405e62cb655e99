import type { Environment } from './child/child-environment.js';
import type { EngineTraits } from './engine-traits.js';
import type { Placement } from './memory/placement/placement.js';
import type { EngineId, LocalModelSpec } from './local-model-spec.js';
import type { ProcessError, ProcessErrorCode } from './process-error.js';

/** Wire dialects an engine answers well enough to be used without repair. */
export type EngineProtocol =
  'openai-chat' | 'openai-completions' | 'openai-embeddings' | 'anthropic-messages';

/** Whether an engine can be used on this machine. `reason` says what to do when it cannot. */
export interface EngineDetection {
  readonly isAvailable: boolean;
  readonly path: string | null;
  readonly version: string | null;
  readonly reason: string | null;
}

/** Where its model goes, in the terms of the engine. */
export interface EnginePlacement extends Placement {
  /** Layers of the model; null where its file does not say, or nobody needs to know. */
  readonly layerCount: number | null;
}

/** What a preset may build a command from; the engine is launched only after `checkFiles` found nothing. */
export interface LaunchContext {
  readonly spec: LocalModelSpec;
  /** Also the name the engine must serve the model under: that is how it proves who it is. */
  readonly instanceId: string;
  /** The reserved loopback port, or 0 for engines that announce the port they got or listen on a socket. */
  readonly port: number;
  /** The Unix socket to listen on instead; only given to engines whose traits say that they can. Ends in `.sock`. */
  readonly socketPath?: string | null;
  /** True when it may outlive the gateway, so it must not end with its standard input. */
  readonly mayOutlive?: boolean;
  /** What `locate` found. */
  readonly file: string;
  /** The graphics cards it was given; null where there is nothing to tell the engine. */
  readonly placement?: EnginePlacement | null;
}

/**
 * The whole command. It comes from presets alone: no API field, at any role, reaches `file`, `args` or `env` as it
 * is.
 */
export interface LaunchPlan {
  readonly file: string;
  readonly args: readonly string[];
  /** Added to the allow-listed environment. Never a secret: other users can read it. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** `pipe` for engines that end themselves when standard input ends, a second guard beside the guardian. */
  readonly stdin: 'pipe' | 'ignore';
}

/**
 * How an engine is seen to be ready: its status alone, its body too, an answer of one token, or (`stdout`) a port
 * that is announced only then. An exchange that answers whether it can serve.
 */
export interface ReadinessProbe {
  /** Default `http-200`. */
  readonly kind?: 'http-200' | 'body-predicate' | 'one-token' | 'stdout';
  readonly path: string;
  /** The JSON body of a POST; without it the probe is a GET. Never holds anything of a caller. */
  readonly body?: (spec: LocalModelSpec, instanceId: string) => object;
  /** Longest time one probe may take; default two seconds. Longer where an unanswered probe costs the engine work. */
  readonly timeoutMs?: number;
  /** True when answering makes the engine generate, so that it is not asked without need. `one-token` always does. */
  readonly costsToken?: boolean;
  isReady(status: number, body: unknown): boolean;
}

/** One GET that tells which model an engine serves. */
export interface IdentityProbe {
  readonly path: string;
  /** The model name to send, or null when the answer is not that of the engine we mean. */
  servedModel(body: unknown, spec: LocalModelSpec, instanceId: string): string | null;
}

/**
 * Why an engine ended, told from its exit and last lines. The message is shown to callers: it says what to do and
 * holds no path.
 */
export interface ExitClassification {
  readonly code: ProcessErrorCode;
  /** A short stable word for the record: `out-of-memory`, `bad-flag`, `model-corrupt`… */
  readonly reason: string;
  readonly message: string;
  /** False when another try with the same settings cannot end differently. */
  readonly isRetryable: boolean;
}

/** What a dead engine left: its exit, its last lines, and how far it had come. */
export interface ExitEvidence {
  readonly lastLines: readonly string[];
  readonly code: number | null;
  readonly signal: string | null;
  readonly wasReady: boolean;
}

/** One request that an engine acts on, such as freeing its memory; done when the answer is 2xx. */
export interface EngineAction {
  readonly method: 'POST';
  readonly path: string;
  readonly body: object | null;
}

/**
 * Giving up memory while the process stays: by sleeping, or by dropping the model. Engines that do so by themselves have
 * `status` alone; those without `wake` load the model again with the next request.
 */
export interface SleepRule {
  /** Only for models whose settings enable it: it costs something. */
  readonly isOptional?: boolean;
  sleep?(servedModel: string): EngineAction;
  wake?(servedModel: string): EngineAction;
  /** A GET that does not wake the engine. */
  readonly status: { readonly path: string; isAsleep(body: unknown, servedModel: string): boolean };
}

interface PresetBase {
  readonly id: EngineId;
  /** What is known of the engine beside how to start it. */
  readonly traits?: EngineTraits;
  readonly protocols: readonly EngineProtocol[];
  readonly readiness: ReadinessProbe;
  readonly identity: IdentityProbe;
  /** Longest pause after failures, in milliseconds; null takes the supervisor's five minutes. */
  readonly maxBackoffMs: number | null;
  /** Looks for the engine, its version included; may run it for that. */
  detect(environment: Environment): Promise<EngineDetection>;
  /** Judges the settings alone, without touching the machine. */
  validate(spec: LocalModelSpec): ProcessError | null;
  /** Context in tokens per slot, told from the body of the identity probe; null when it does not say. */
  contextTokens?(body: unknown, servedModel: string): number | null;
  readonly sleep?: SleepRule;
}

/** An engine the supervisor starts and stops. */
export interface ManagedEnginePreset extends PresetBase {
  readonly kind: 'managed';
  /** Where the port comes from: reserved and passed in the arguments, or announced on standard output. */
  readonly portFrom: 'args' | 'stdout';
  /** Finds the program without running it; fast enough for every start. */
  locate(environment: Environment): Promise<EngineDetection>;
  /** Checks the files the spec names; null when the engine can be launched. */
  checkFiles(spec: LocalModelSpec): Promise<ProcessError | null>;
  launch(context: LaunchContext): LaunchPlan;
  /** The port in an announcement line, else null. Only asked with `portFrom: 'stdout'`. */
  announcedPort(line: string): number | null;
  /** How much of the model is loaded, from 0 to 1, when the line says so. */
  loadProgress?(line: string): number | null;
  classifyExit(evidence: ExitEvidence): ExitClassification;
}

/** An engine somebody else runs on a loopback port: used, never started and never signalled. */
export interface AttachedEnginePreset extends PresetBase {
  readonly kind: 'attached';
  /** The origin to talk to; asked only after `validate` accepted the spec. */
  origin(spec: LocalModelSpec): string;
}

/** One way to run or use an engine; see `engines.ts` for the list. */
export type EnginePreset = ManagedEnginePreset | AttachedEnginePreset;
