import type { RawJson } from '../../canonical/content.js';

/** A tool as the caller declared it. */
export interface RestoredTool {
  readonly name: string;
  readonly namespace: string | null;
  /** Its plain text travels as `{"input": "…"}`, since the target knows JSON arguments alone. */
  readonly isFreeform: boolean;
}

/** What a translated request had to bend, so that the answer can be bent back. */
export interface Restoration {
  /** By the name on the upstream's wire; only tools that were altered. */
  readonly tools: ReadonlyMap<string, RestoredTool>;
  /** Stop strings the target does not know: the gateway cuts the text at the first of them. */
  readonly stopSequences: readonly string[];
  /** The caller's schema, where the target was given a looser one and the answer may not fit it. */
  readonly relaxedSchema?: RawJson | null;
}

export const nothingToRestore: Restoration = { tools: new Map(), stopSequences: [] };
