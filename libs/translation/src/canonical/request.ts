import type { ErrorCode } from '../errors/error-codes.js';
import type { ProtocolId, WireProtocolId } from '../protocol.js';
import type { ContentPart, RawJson, TextPart, ToolName } from './content.js';

/** `system` stands between turns; leading system text is in `instructions`. Tool results are user parts. */
export interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly parts: readonly ContentPart[];
  readonly path: string;
}

/** A tool of the caller’s own, called with JSON. */
export interface FunctionTool extends ToolName {
  readonly type: 'function';
  readonly description: string | null;
  /** JSON Schema of the arguments; null when the caller gave none. */
  readonly parameters: RawJson | null;
  readonly isStrict: boolean | null;
  readonly cacheMark: RawJson | null;
  readonly path: string;
}

/** A tool that takes plain text instead of JSON, perhaps bound by a grammar (OpenAI's `custom`). */
export interface FreeformTool extends ToolName {
  readonly type: 'freeform';
  readonly description: string | null;
  /** The caller's `format`, e.g. a Lark grammar; null for any text. */
  readonly format: RawJson | null;
  readonly cacheMark: RawJson | null;
  readonly path: string;
}

/** A tool that the provider runs or defines itself; only its own protocol can carry it. */
export interface NativeTool {
  readonly type: 'native';
  readonly protocol: ProtocolId;
  readonly kind: string;
  readonly raw: RawJson;
  /** An answer without it is poorer, not wrong: a target that lacks it may leave it out. */
  readonly isOptional?: boolean;
  readonly path: string;
}

export type Tool = FunctionTool | FreeformTool | NativeTool;

/** Whether and which tools must be called; null in a request = the caller did not say. */
export type ToolChoice =
  | { readonly mode: 'auto' | 'required' | 'none' }
  | ({ readonly mode: 'named' } & ToolName)
  /** Only the named tools may be called; the others stay declared for the cache's sake. */
  | { readonly mode: 'among'; readonly names: readonly string[]; readonly isRequired: boolean };

/** As the caller wrote it, in its own ranges: encoders clamp and warn. null = not given. */
export interface Sampling {
  readonly temperature: number | null;
  readonly topP: number | null;
  readonly topK: number | null;
  readonly presencePenalty: number | null;
  readonly frequencyPenalty: number | null;
  readonly seed: number | null;
}

/** How much the caller wants the model to think; each protocol says it in its own way. */
export interface ReasoningIntent {
  readonly mode: 'off' | 'adaptive' | 'budget' | null;
  readonly effort: string | null;
  readonly budgetTokens: number | null;
  /** Shall the caller see the thinking? Absent: as the target does by itself. */
  readonly display?: 'hidden' | 'summary' | null;
  /** The caller's own words, for a target of its protocol. */
  readonly native?: RawJson | null;
  /** Paths of the fields that asked, for warnings; at least one. */
  readonly paths: readonly string[];
}

/** The shape the answer must have. To drop it would change what the caller gets, so it is carried or refused. */
export type OutputFormat =
  | { readonly type: 'json-object'; readonly path: string }
  | {
      readonly type: 'json-schema';
      readonly schema: RawJson;
      readonly name: string | null;
      readonly description: string | null;
      readonly isStrict: boolean | null;
      readonly path: string;
    };

/**
 * A field of the caller's body that the canonical form has no place for. Whoever encodes must warn of it,
 * refuse it, or put it back; so nothing is lost silently.
 */
export interface Leftover {
  readonly path: string;
  readonly raw: RawJson;
  /** Why the request means something else without the field; null for a mere hint. */
  readonly refusal: string | null;
  /** What the refusal is called; `unsupported_by_target` where absent. */
  readonly code?: ErrorCode;
}

/** One inference request as an ordered, typed form that holds the union of what the protocols can say. */
export interface CanonicalRequest {
  readonly protocol: WireProtocolId;
  readonly model: string;
  readonly isStream: boolean;
  readonly instructions: readonly TextPart[];
  readonly turns: readonly Turn[];
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice | null;
  /** null: the caller did not say. */
  readonly allowsParallelCalls: boolean | null;
  readonly sampling: Sampling;
  readonly stopSequences: readonly string[];
  readonly maxOutputTokens: number | null;
  readonly reasoning: ReasoningIntent | null;
  readonly outputFormat: OutputFormat | null;
  readonly endUser: { readonly id: string; readonly path: string } | null;
  readonly serviceTier: string | null;
  readonly leftovers: readonly Leftover[];
  /** The caller wrote OpenAI's `functions`, the form before tools, and reads answers in that form alone. */
  readonly usesFunctions?: boolean;
}
