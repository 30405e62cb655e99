import type { MetricsSource } from './metrics/metrics-source.js';
import type { CardMaker } from './memory/memory-pool.js';

/** Where an engine runs: `process.platform`, with the processor where only one will do. */
export type EnginePlatform = 'linux' | 'darwin' | 'darwin-arm64' | 'win32';

/**
 * What a spec names for an engine: a GGUF file, a folder with `config.json` and weights, a folder of many models and the
 * name of one of them, a name the engine's own store knows, or nothing at all.
 */
export type ModelForm = 'gguf-file' | 'model-folder' | 'models-folder' | 'model-name' | 'none';

/** Habits on the wire that differ from the protocol; the scripted engine of the tests can play each of them. */
export type EngineQuirk =
  /** `/health` answers 200 while no model is loaded. */
  | 'health-always-200'
  /** Any model name in a request is answered. */
  | 'any-model-name'
  /** An unknown model name makes it fetch or load another model. */
  | 'loads-named-model'
  /** The reasoning text is in `reasoning`, not in `reasoning_content`. */
  | 'reasoning-field'
  /** Usage comes on the finish chunk itself, asked for or not. */
  | 'usage-in-finish'
  /** Whole tool calls come in one delta. */
  | 'whole-tool-calls'
  /** Tool call ids repeat on every delta. */
  | 'repeated-call-id'
  /** An error inside a stream is followed by a clean finish. */
  | 'error-then-stop'
  /** An error inside a stream is followed by the end of the connection, without `[DONE]`. */
  | 'error-without-done'
  /** A failure inside a stream leaves only `[DONE]`. */
  | 'swallows-errors'
  /** A failure inside a stream leaves an empty delta and the end of the connection. */
  | 'empty-delta-on-error'
  /** A failure inside a stream cuts the connection. */
  | 'cuts-on-error'
  /** An answer that reached its limit says `stop`. */
  | 'never-says-length'
  /** HTTP/1.0: no kept connections, no chunks. */
  | 'http-1.0'
  /** Refuses request bodies without a length. */
  | 'needs-content-length'
  /** Drops the oldest messages when the context is full, without a word. */
  | 'silent-truncation'
  /** Its Anthropic streams open a block before the one before is closed. */
  | 'overlapping-blocks'
  /** Invalid requests are answered 500. */
  | 'bad-request-is-500'
  /** Errors come as `{"detail":…}`. */
  | 'detail-errors'
  /** Errors come as `{"error":"text"}`, with 404 for whatever went wrong. */
  | 'errors-are-404';

/** True on a machine the engine runs on. */
export function runsOn(
  platforms: readonly EnginePlatform[],
  { platform, arch }: { readonly platform: string; readonly arch: string } = process,
): boolean {
  return platforms.some((each) => each === platform || each === `${platform}-${arch}`);
}

/** How an engine is ended. The signals go to its whole group, one after another, `graceMs` apart; then KILL. */
export interface StopRule {
  readonly signals: readonly ('SIGTERM' | 'SIGINT')[];
  readonly graceMs: number;
}

/** Where an engine keeps its model, and what it does when one graphics card is too small. */
export interface MemoryRule {
  /** Makers of the cards it can use; none for engines that stay in main memory, which on Apple's processors is both. */
  readonly cards: readonly CardMaker[];
  /**
   * `layers`: over several cards by their size, and main memory for the rest. `shares`: equal parts on two, four or eight
   * cards, and never without one. `none`: one card, or main memory.
   */
  readonly split: 'layers' | 'shares' | 'none';
  /** It takes this share of each card it is given, whatever the model needs; null takes what it needs. */
  readonly fixedShare: number | null;
}

/** Engines that are not told of cards, or have their memory already. */
export const mainMemory: MemoryRule = { cards: [], split: 'none', fixedShare: null };

/** What is known of an engine beside how to start it: data, from which `docs/engines.md` is made. */
export interface EngineTraits {
  /** The name people know it by. */
  readonly title: string;
  readonly platforms: readonly EnginePlatform[];
  readonly modelForm: ModelForm;
  /** `early` engines listen while they load; `late` ones refuse connections until the model is in memory. */
  readonly binding: 'early' | 'late';
  /** True when it can listen on a Unix socket; versions that cannot yet fall back to a port. */
  readonly hasSocket: boolean;
  /** Inference paths it has. Which protocols are used is the preset's `protocols`. */
  readonly endpoints: readonly string[];
  readonly quirks: readonly EngineQuirk[];
  /** False when it goes on generating for a client that has left. */
  readonly cancelsOnDisconnect: boolean;
  /**
   * How long it may go on for a client that has left, where it does: so long the work keeps its slot, unless the engine
   * tells that it is over. Default five minutes.
   */
  readonly abandonedWorkMs?: number;
  /** Most requests to have under way at once; the others wait before the engine. Null leaves the queue to the engine. */
  readonly maxConcurrentRequests: number | null;
  readonly memory: MemoryRule;
  /** Null for engines that are never stopped by us. */
  readonly stop: StopRule | null;
  /** Where it tells figures of itself; empty for those that do not. */
  readonly metrics: readonly MetricsSource[];
  /**
   * How long an idle engine may go unproved before it is asked for one token; null where that might load or evict a
   * model, or cost somebody something.
   */
  readonly tokenProbeEveryMs: number | null;
}

/** Longer than nearly all answers take; a slot that is free too early costs others time, one too late a detour. */
export const USUAL_ABANDONED_WORK_MS = 5 * 60_000;

/** Sparse: an engine that broke while idle is found out before most callers meet it, and sleeps undisturbed else. */
export const USUAL_TOKEN_PROBE_MS = 10 * 60_000;
