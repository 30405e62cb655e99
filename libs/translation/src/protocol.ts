import type { CanonicalRequest } from './canonical/request.js';
import type { CanonicalResponse } from './canonical/response.js';
import type { CanonicalEvent } from './canonical/stream-event.js';
import type { FinishReason } from './canonical/finish-reason.js';
import type { Usage } from './canonical/usage.js';
import type { ErrorCode } from './errors/error-codes.js';
import type { GatewayError } from './errors/gateway-error.js';
import type { ModelCapabilities } from './capabilities/model-capabilities.js';
import type { Restoration } from './shared/reply/restoration.js';

/** Protocols that are spoken on both sides. */
export type ProtocolId =
  'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini-generate';
/** All that callers may speak. Legacy completions are translated for callers only, embeddings not at all. */
export type WireProtocolId = ProtocolId | 'openai-completions' | 'openai-embeddings';

/** Half-open range of bytes in a request body. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/** Replaces `span` by `text` (an insertion has start = end). */
export interface ByteEdit {
  readonly span: ByteSpan;
  readonly text: string;
}

/** What a protocol that names the model in the URL says there (Gemini). */
export interface RequestAddress {
  readonly model: string;
  readonly stream: boolean;
}

/**
 * What routing and admission must know of a request, read by a scan of the top level of the JSON text.
 * The bytes are not parsed as a whole, so a 20 MB image body costs about as much as its copy.
 */
export interface RequestEnvelope {
  readonly model: string;
  /** The JSON string of the model name, quotes included; null where the URL names the model. */
  readonly modelSpan: ByteSpan | null;
  readonly stream: boolean;
  /** The caller's limit on output tokens; null when it set none. */
  readonly maxOutputTokens: number | null;
  /** Does the caller expect a usage record in its stream? Always true where the protocol always sends one. */
  readonly wantsStreamUsage: boolean;
  /** The value of `stream_options`, where present (OpenAI chat only). */
  readonly streamOptionsSpan: ByteSpan | null;
  /** The members of `stream_options`, so that an edit can keep them. */
  readonly streamOptions?: Readonly<Record<string, unknown>> | null;
  /** Position just behind the opening brace: where a top-level member may be inserted. */
  readonly insertAt: number;
  /** Does it offer tools? Told only where the protocol names its tools in one top-level field. */
  readonly hasTools?: boolean;
  /** Values of small fields that the protocol asks to keep. */
  readonly kept?: Readonly<Record<string, unknown>>;
}

/** How much a translation lost at one place. */
export interface Warning {
  /** e.g. `clamped`, `dropped`, `renamed`, `emulated`. */
  readonly code: string;
  /** JSON path in the caller's request. */
  readonly path: string;
  readonly detail: string;
}

/** The upstream side of a translation, as far as it decides what can be carried. */
export interface TranslationTarget {
  /** Name that goes into the upstream body as `model`. */
  readonly model: string;
  /** For messages to the caller, e.g. `anthropic/claude-…`. */
  readonly label: string;
  readonly isLocal: boolean;
  readonly capabilities: ModelCapabilities;
  /** `anthropic-version` that will be sent; sampling fields are refused from 2026-10-21 on. */
  readonly anthropicVersion?: string | undefined;
  readonly lossMode: LossMode;
}

/**
 * What to do with what the target cannot carry. `warn`: drop hints with a warning, refuse what changes the answer's
 * meaning. `strict`: refuse both. `lenient`: drop both with a warning, where dropping is possible at all.
 */
export type LossMode = (typeof lossModes)[number];

export const lossModes = ['strict', 'warn', 'lenient'] as const;

export interface EncodedRequest {
  readonly body: string;
  readonly warnings: readonly Warning[];
  /** What has to be undone in the answer. */
  readonly restoration: Restoration;
}

/** Facts that an answer to the client needs and the upstream does not supply. */
export interface ReplyContext {
  /** Our request id; response ids are derived from it when the upstream sent none. */
  readonly requestId: string;
  /** Model name to show when the upstream named none. */
  readonly model: string;
  readonly createdAtSeconds: number;
  /** Shall the stream carry a usage record? */
  readonly includeUsage: boolean;
  /** Our own estimate, for protocols that name the input tokens before the upstream has counted them. */
  readonly estimatedInputTokens?: number | undefined;
  /** Answer tool calls in OpenAI's form before tools, since the request was in that form. */
  readonly usesFunctions?: boolean | undefined;
}

/** One server-sent event: `name` is the `event:` line or null, `data` the joined `data:` lines. */
export interface SseEvent {
  readonly name: string | null;
  readonly data: string;
}

/** Upstream events to canonical events. Pure state machine; never throws on hostile input. */
export interface StreamDecoder {
  push(event: SseEvent): CanonicalEvent[];
  /** The upstream closed. Emits what was held back; a stream without a finish reason ends in an error event. */
  end(): CanonicalEvent[];
}

/** Canonical events to the text of the client's stream. */
export interface StreamEncoder {
  push(event: CanonicalEvent): string;
  /**
   * Why the protocol cannot carry the answer, once that is so: the text of that `push` is the error event, and nothing
   * follows it. Absent where a protocol carries every answer.
   */
  readonly error?: GatewayError | null;
  /** See {@link StreamProgress}. */
  readonly progress?: StreamProgress | null;
}

/** How far a stream has come, for protocols that count events and repeat the answer's head in the last one. */
export interface StreamProgress {
  readonly nextSequence: number;
  /** The answer as the stream has shown it so far, in the protocol's own form; null before the first event. */
  readonly response: Readonly<Record<string, unknown>> | null;
}

/** What a reader of an untranslated answer has learnt so far. */
export interface AnswerFacts {
  readonly usage: Usage;
  readonly finishReason: FinishReason | null;
  /** A terminal event or, without streaming, a whole body was seen. */
  readonly isComplete: boolean;
  /** Did the protocol's own last event come? Told of streams alone. */
  readonly isTerminated?: boolean;
  /** An error inside the stream; a stream with one is never complete. */
  readonly error: GatewayError | null;
  /** Characters of visible output, for an estimate when the upstream reports no usage. */
  readonly outputChars: number;
  /** Model name the upstream reported. */
  readonly model: string | null;
  /** What only the answer shows: that it does not fit the caller's schema. */
  readonly warning?: Warning | null;
  /** Of the stream that goes to the caller; what an error behind it has to follow on. */
  readonly progress?: StreamProgress | null;
}

/**
 * Reads an answer that is passed on byte for byte. Text is the bytes as Latin-1, so that positions and
 * bytes agree and nothing is decoded twice; only ASCII facts are read from it.
 */
export interface StreamTap {
  /** Returns the text to pass on: the same string, or one without the events the caller did not ask for. */
  push(text: string): string;
  /** The upstream closed; returns what was held back. */
  end(): string;
  /** True once the first whole event was seen (an error event counts). */
  readonly sawEvent: boolean;
  readonly facts: AnswerFacts;
}

export interface EncodedError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An upstream's error answer in our words. `message` is the upstream's own text, not yet cleared of secrets. */
export interface UpstreamFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path: string | null;
  /** How long the body asks to wait (Google); null where it does not say. */
  readonly retryAfterMs?: number | null;
}

/** What the line needs of any API it serves: to read its requests, to pass its answers on, to say its errors. */
export interface WireProtocol {
  readonly id: WireProtocolId;

  // the same protocol on both sides: bytes pass through
  /** @throws GatewayError `invalid_request` naming the field, for text that is not a request of this protocol. */
  readEnvelope(body: Uint8Array, address?: RequestAddress | null): RequestEnvelope;
  /**
   * The declared edits of a passed-through request: the model name and, on streams, the wish for usage, unless the
   * target refuses to be asked.
   */
  passthroughEdits(
    envelope: RequestEnvelope,
    upstreamModel: string,
    capabilities?: ModelCapabilities,
  ): ByteEdit[];
  /** @param hideUsage drop the usage-only event that we asked for and the caller did not. */
  createStreamTap(hideUsage: boolean): StreamTap;
  /** Facts of a whole, unstreamed answer. @throws GatewayError `upstream_invalid_response` */
  readAnswer(text: string): AnswerFacts;
  /** A whole answer in the form the caller asked for, where upstreams do not heed it; null: as it came. */
  repairAnswer?(text: string, envelope: RequestEnvelope): string | null;

  // errors
  encodeError(error: GatewayError, requestId: string): EncodedError;
  /** The text that ends a broken stream; nothing may follow it. */
  encodeStreamError(
    error: GatewayError,
    requestId: string,
    progress?: StreamProgress | null,
  ): string;
  /**
   * What must still follow the upstream's own error event, which was passed on; only in protocols whose streams all end
   * in another event.
   */
  encodeStreamFailure?(
    error: GatewayError,
    requestId: string,
    progress?: StreamProgress | null,
  ): string;
  decodeError(status: number, body: string): UpstreamFault;
  /**
   * Text that keeps a silent stream alive and means nothing to programs.
   * @param note for people, on one line; left out where clients of the protocol stumble over comments
   */
  heartbeat(note: string): string;
}

/** A protocol whose callers can be served by targets that speak another one, through the canonical form. */
export interface ClientProtocol extends WireProtocol {
  /**
   * @param apiVersion the version of the protocol that the caller's headers name, where it has versions
   * @throws GatewayError `invalid_request` with the path of the fault.
   */
  decodeRequest(
    text: string,
    address?: RequestAddress | null,
    apiVersion?: string | null,
  ): CanonicalRequest;
  encodeResponse(response: CanonicalResponse, context: ReplyContext): string;
  createStreamEncoder(context: ReplyContext): StreamEncoder;
}

/** Everything the gateway knows of one protocol, as caller and as target. Pure: ids and times come in as arguments. */
export interface Protocol extends ClientProtocol {
  readonly id: ProtocolId;
  /** @throws GatewayError `unsupported_by_target` for what would be lost. */
  encodeRequest(request: CanonicalRequest, target: TranslationTarget): EncodedRequest;
  /** @throws GatewayError `upstream_invalid_response` */
  decodeResponse(text: string): CanonicalResponse;
  createStreamDecoder(): StreamDecoder;
}
