import {
  estimateTokens,
  protocols,
  unsignedThinkingMark,
  type ClientProtocol,
  type EncodedRequest,
  type Protocol,
  type ProtocolId,
  type ReplyContext,
  type Restoration,
  type WireProtocol,
} from '#translation';
import type { AttemptRecord } from '../../audit/attempt-record.js';
import type { ResolvedTarget } from '../../routing/resolved-target.js';
import { PassthroughJsonRelay } from '../relay/passthrough-json-relay.js';
import { PassthroughStreamRelay } from '../relay/passthrough-stream-relay.js';
import type { Relay } from '../relay/relay.js';
import { TranslatedJsonRelay } from '../relay/translated-json-relay.js';
import { TranslatedStreamRelay } from '../relay/translated-stream-relay.js';
import type { AttemptJob, RequestJob } from './attempt-job.js';
import type { Destination } from './destination.js';
import { translationTarget } from './translation-target.js';

interface AttemptParts {
  readonly target: ResolvedTarget;
  readonly destination: Destination;
  readonly record: AttemptRecord;
}

/**
 * The body the target understands, and the relay that turns its answer into the caller's.
 * @throws GatewayError `invalid_request`, `unsupported_by_target`
 */
export function composeJob(request: RequestJob, parts: AttemptParts): AttemptJob {
  const { call } = request;
  const { destination, record } = parts;
  const isPassthrough = destination.endpoint.protocol === call.protocol.id;
  return {
    call,
    record,
    isPassthrough,
    endpoint: destination.endpoint,
    headers: destination.headers,
    returnedHeaders: destination.returnedHeaders,
    timeouts: destination.timeouts,
    lost: destination.lost,
    ...(isPassthrough ? passedThrough(request, parts) : translated(request, parts)),
  };
}

type Composed = Pick<AttemptJob, 'body' | 'relay' | 'warnings'>;

function passedThrough(request: RequestJob, parts: AttemptParts): Composed {
  const { call, envelope, body } = request;
  const { protocol } = call;
  const relay = envelope.stream
    ? new PassthroughStreamRelay(protocol, !envelope.wantsStreamUsage)
    : new PassthroughJsonRelay(protocol, envelope);
  if (holdsOurMarks(request)) {
    const { body: rebuilt, warnings } = rebuild(request, parts);
    return { body: rebuilt, warnings, relay };
  }
  const edits = protocol.passthroughEdits(envelope, parts.destination.model);
  return { body: body.withEdits(edits), warnings: [], relay };
}

/** Thinking that we marked would be refused by the provider; a rebuilt request leaves it out. */
function holdsOurMarks({ call, body }: RequestJob): boolean {
  return call.protocol.id === 'anthropic-messages' && body.original.includes(unsignedThinkingMark);
}

function translated(request: RequestJob, parts: AttemptParts): Composed {
  const { body, warnings, restoration } = rebuild(request, parts);
  return { body, warnings, relay: translatingRelay(request, parts, restoration) };
}

/** `chooseProtocol` lets only translatable pairs come here. */
function rebuild(request: RequestJob, { target, destination }: AttemptParts): EncodedRequest {
  const { call, body } = request;
  const canonical = asClient(call.protocol).decodeRequest(
    body.original.toString('utf8'),
    call.address,
  );
  return upstreamOf(destination).encodeRequest(
    canonical,
    translationTarget(request, target, destination),
  );
}

function translatingRelay(
  { call, envelope, body }: RequestJob,
  { destination }: AttemptParts,
  restoration: Restoration,
): Relay {
  const context: ReplyContext = {
    requestId: call.record.publicId,
    model: envelope.model,
    createdAtSeconds: Math.floor(call.record.startedAtMs / 1000),
    includeUsage: envelope.wantsStreamUsage,
    estimatedInputTokens: estimateTokens(body.original.length),
  };
  const client = asClient(call.protocol);
  const translation = { upstream: upstreamOf(destination), client, context, restoration };
  return envelope.stream
    ? new TranslatedStreamRelay(translation)
    : new TranslatedJsonRelay(translation);
}

function asClient(protocol: WireProtocol): ClientProtocol {
  if ('decodeRequest' in protocol) return protocol as ClientProtocol;
  throw new Error(`${protocol.id} cannot be translated`);
}

function upstreamOf({ endpoint }: Destination): Protocol {
  return protocols[endpoint.protocol as ProtocolId];
}
