import type { ProtocolId } from '../protocol.js';

/**
 * JSON as the caller wrote it. Numbers beyond 2^53, `1.0`, key order and repeated keys survive, because
 * the text is spliced into outgoing bodies and never parsed and printed again.
 */
export interface RawJson {
  readonly json: string;
  /** JSON path in the caller's request, where it was read from one. */
  readonly path?: string;
}

/**
 * A provider's opaque continuity token (Anthropic's signature, OpenAI's encrypted reasoning, Gemini's thought
 * signature). It only ever returns to `origin`, and there only to models of the same `family`.
 */
export interface OpaqueToken {
  readonly origin: ProtocolId;
  /** `signature` signs visible content; `redacted` and `encrypted` are the whole content. */
  readonly kind: 'signature' | 'redacted' | 'encrypted';
  readonly data: string;
  /** Id of the item it belongs to, where the origin gives items ids (OpenAI's `rs_…`). */
  readonly itemId?: string | null;
  /** Who made it, as `modelFamily` names it; absent when the caller did not say. */
  readonly family?: string | null;
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
  /** Gemini signs texts, even empty ones. */
  readonly opaque?: OpaqueToken | null;
}

/** Where media are. Base64 is the standard alphabet, without a data-URI head. */
export type MediaSource =
  | { readonly type: 'bytes'; readonly base64: string }
  | { readonly type: 'url'; readonly url: string }
  /** An upload held by one provider; means nothing elsewhere. */
  | { readonly type: 'provider-file'; readonly id: string };

/** An image, document, recording or film, of which an encoder that cannot carry it must refuse the request. */
export interface MediaPart extends Located {
  readonly type: 'media';
  readonly kind: 'image' | 'document' | 'audio' | 'video';
  readonly source: MediaSource;
  /** e.g. `image/png`; null when the caller did not say. */
  readonly mediaType: string | null;
  readonly name: string | null;
  /** How closely to look at an image, in the caller's own word. */
  readonly detail?: string | null;
  readonly cacheMark: RawJson | null;
}

/** What a tool is called. A namespace (OpenAI Responses) is part of the name everywhere else. */
export interface ToolName {
  readonly name: string;
  readonly namespace?: string | null;
}

/** A call in the history. Its id is the caller’s own; a protocol with stricter ids rewrites call and result alike. */
export interface ToolCallPart extends Located, ToolName {
  readonly type: 'tool-call';
  readonly id: string;
  /** JSON text of the arguments, exactly as the model or the caller wrote it; may be empty or invalid. */
  readonly argumentsText: string;
  /** The call of a freeform tool: `argumentsText` is plain text instead of JSON. */
  readonly isFreeform?: boolean;
  readonly cacheMark: RawJson | null;
  readonly opaque?: OpaqueToken | null;
}

/** What a tool answered; `callId` is the id of a call in the turn before. */
export interface ToolResultPart extends Located {
  readonly type: 'tool-result';
  readonly callId: string;
  readonly parts: readonly (TextPart | MediaPart)[];
  readonly isError: boolean;
  readonly cacheMark: RawJson | null;
}

/** Thinking that was shown. An empty text with a token is whole: the thinking itself stays with the provider. */
export interface ReasoningPart extends Located {
  readonly type: 'reasoning';
  readonly text: string;
  readonly opaque: OpaqueToken | null;
}

/** A refusal in the model’s words; a text where a protocol has no place for refusals. */
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
  /** What it did also stands elsewhere in the conversation, so that it may be left out. */
  readonly isOptional?: boolean;
}

/** One piece of a turn, in the order in which the caller or the model put it. */
export type ContentPart =
  TextPart | MediaPart | ToolCallPart | ToolResultPart | ReasoningPart | RefusalPart | NativePart;
