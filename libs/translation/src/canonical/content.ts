import type { ProtocolId } from '../protocol.js';

/**
 * JSON as the caller wrote it. Numbers beyond 2^53, `1.0`, key order and repeated keys survive, because
 * the text is spliced into outgoing bodies and never parsed and printed again.
 */
export interface RawJson {
  readonly json: string;
}

/** A provider's opaque continuity token (signature, encrypted reasoning). It only ever returns to `origin`. */
export interface OpaqueToken {
  readonly origin: ProtocolId;
  /** `signature` signs visible text; `redacted` is the whole content. */
  readonly kind: 'signature' | 'redacted';
  readonly data: string;
}

/** Where a text came from; start and end are found by whoever joins the text. */
export interface Citation {
  readonly url: string;
  readonly title: string | null;
  readonly citedText: string | null;
}

interface Located {
  /** JSON path in the caller's request. */
  readonly path: string;
}

export interface TextPart extends Located {
  readonly type: 'text';
  readonly text: string;
  /** The caller's prompt-cache marker behind this part, kept literally. */
  readonly cacheMark: RawJson | null;
}

export type MediaSource =
  | { readonly type: 'bytes'; readonly base64: string }
  | { readonly type: 'url'; readonly url: string }
  /** An upload held by one provider; means nothing elsewhere. */
  | { readonly type: 'provider-file'; readonly id: string };

export interface MediaPart extends Located {
  readonly type: 'media';
  readonly kind: 'image' | 'document' | 'audio';
  readonly source: MediaSource;
  /** e.g. `image/png`; null when the caller did not say. */
  readonly mediaType: string | null;
  readonly name: string | null;
  readonly cacheMark: RawJson | null;
}

export interface ToolCallPart extends Located {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  /** JSON text of the arguments, exactly as the model or the caller wrote it; may be empty or invalid. */
  readonly argumentsText: string;
  readonly cacheMark: RawJson | null;
}

export interface ToolResultPart extends Located {
  readonly type: 'tool-result';
  readonly callId: string;
  readonly parts: readonly (TextPart | MediaPart)[];
  readonly isError: boolean;
  readonly cacheMark: RawJson | null;
}

export interface ReasoningPart extends Located {
  readonly type: 'reasoning';
  readonly text: string;
  readonly opaque: OpaqueToken | null;
}

export interface RefusalPart extends Located {
  readonly type: 'refusal';
  readonly text: string;
}

/** A block that only its own protocol understands, e.g. a hosted tool's call and result. */
export interface NativePart extends Located {
  readonly type: 'native';
  readonly protocol: ProtocolId;
  readonly kind: string;
  readonly raw: RawJson;
}

export type ContentPart =
  TextPart | MediaPart | ToolCallPart | ToolResultPart | ReasoningPart | RefusalPart | NativePart;
