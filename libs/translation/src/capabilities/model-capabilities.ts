/** What a model reads besides text. `…-url`: the provider fetches the address by itself. */
export type InputKind = 'image' | 'image-url' | 'document' | 'document-url' | 'audio' | 'video';

/** `off`: thinking can be switched off. `budget`: a number of tokens. `adaptive`: the model decides. */
export type ThinkingMode = 'off' | 'budget' | 'adaptive';

/** Fields of chat completions that not everyone who copies them takes. */
export type ProtocolField =
  | 'max_completion_tokens'
  | 'stream_options'
  | 'parallel_tool_calls'
  | 'allowed_tools'
  | 'strict'
  | 'logprobs'
  | 'logit_bias'
  | 'n'
  | 'seed'
  | 'stop'
  | 'presence_penalty'
  | 'frequency_penalty'
  | 'user'
  | 'service_tier';

/**
 * What one model at one provider takes, where models of the same protocol differ. Data, not code: rows ship with a
 * source and a date, and the owner may overrule any of them.
 */
export interface ModelCapabilities {
  /** temperature, top_p and penalties; models that sample as they see fit refuse them whatever the value. */
  readonly takesSampling: boolean;
  readonly takesTopK: boolean;
  /** Levels of effort it takes, weakest first; empty where it decides by itself. */
  readonly effortLevels: readonly string[];
  readonly thinkingModes: readonly ThinkingMode[];
  /** Most tokens one answer may have; null when not known. */
  readonly maxOutputTokens: number | null;
  /** Most tokens a prompt may have together with its answer; null when not known. */
  readonly contextTokens: number | null;
  readonly outputFormats: readonly ('json-object' | 'json-schema')[];
  /** Whose limits a schema must keep to be enforced. */
  readonly schemaDialect: 'full' | 'anthropic';
  /** How far a tool call can be forced: a named tool, any tool, or not at all. */
  readonly forcedTools: 'named' | 'any' | 'none';
  /** null: no limit that is known. */
  readonly maxStopSequences: number | null;
  readonly inputs: readonly InputKind[];
  /** May a system message stand between turns? */
  readonly takesMidSystem: boolean;
  /** Role for instructions; some models know no `system`, most local templates no `developer`. */
  readonly instructionRole: 'system' | 'developer' | 'user';
  /** Does its chat template want one system message, turns in alternation, and a text as one string? */
  readonly needsPlainTurns: boolean;
  /** Does it continue a last assistant message? */
  readonly takesPrefill: boolean;
  /** Does it take back earlier thinking as text (`reasoning_content` in chat completions)? */
  readonly takesReasoningText: boolean;
  /** Whose prompt-cache markers it takes. */
  readonly cacheMarks: 'anthropic' | 'anthropic-without-ttl' | 'openai' | 'none';
  readonly toolCallIds: 'any' | 'mistral';
  /** Gemini 3 refuses a history whose tool calls bear no thought signature. */
  readonly needsCallSignatures: boolean;
  /** May the result of a tool hold images and files? */
  readonly takesToolResultMedia: boolean;
  /** `any` takes every name; `standard` the letters and length that the protocol's own API allows. */
  readonly toolNames: 'standard' | 'any';
  /** Tools of plain text (`custom` in chat completions); elsewhere they travel as functions. */
  readonly takesFreeformTools: boolean;
  /** Fields beyond the protocol that the server understands, e.g. `min_p` of local engines; passed on unchanged. */
  readonly extraFields: readonly string[];
  /** Fields of the protocol that the server refuses or does not obey, by name, e.g. `stream_options`. */
  readonly refusedFields: readonly ProtocolField[];
  /** OpenAI's newer models refuse tools together with an effort on chat completions, and take both on Responses. */
  readonly needsResponsesForReasoningTools: boolean;
}
