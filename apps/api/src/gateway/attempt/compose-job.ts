import { estimateTokens, type ReplyContext } from '#translation';
import type { AttemptRecord } from '../../audit/attempt-record.js';
import { PassthroughJsonRelay } from '../relay/passthrough-json-relay.js';
import { PassthroughStreamRelay } from '../relay/passthrough-stream-relay.js';
import type { Relay } from '../relay/relay.js';
import { TranslatedJsonRelay } from '../relay/translated-json-relay.js';
import { TranslatedStreamRelay } from '../relay/translated-stream-relay.js';
import type { AttemptJob, RequestJob } from './attempt-job.js';
import type { AttemptLane } from './attempt-lane.js';
import { asClient, asUpstream, type ComposedBody } from './compose-body.js';
import type { Destination } from './destination.js';

interface AttemptParts {
  readonly destination: Destination;
  readonly record: AttemptRecord;
  readonly lane: AttemptLane;
  readonly composed: ComposedBody;
}

/** One dispatch with the relay that turns its answer into the caller's. */
export function composeJob(request: RequestJob, parts: AttemptParts): AttemptJob {
  const { call } = request;
  const { destination, record, lane, composed } = parts;
  const isPassthrough = destination.endpoint.protocol === call.protocol.id;
  return {
    call,
    lane,
    record,
    isPrivate: request.isPrivate,
    isPassthrough,
    endpoint: destination.endpoint,
    headers: destination.headers,
    returnedHeaders: destination.returnedHeaders,
    timeouts: destination.timeouts,
    lost: destination.lost,
    witness: destination.witness,
    body: composed.body,
    warnings: composed.warnings,
    relay: isPassthrough ? passthroughRelay(request) : translatingRelay(request, parts),
  };
}

function passthroughRelay({ call: { protocol }, envelope }: RequestJob): Relay {
  return envelope.stream
    ? new PassthroughStreamRelay(protocol, !envelope.wantsStreamUsage)
    : new PassthroughJsonRelay(protocol, envelope);
}

function translatingRelay(
  { call, envelope, body }: RequestJob,
  { destination, composed: { restoration, canonical } }: AttemptParts,
): Relay {
  const context: ReplyContext = {
    requestId: call.record.publicId,
    model: envelope.model,
    createdAtSeconds: Math.floor(call.record.startedAtMs / 1000),
    includeUsage: envelope.wantsStreamUsage,
    estimatedInputTokens: estimateTokens(body.original.length),
    usesFunctions: canonical?.usesFunctions,
  };
  const client = asClient(call.protocol);
  const upstream = asUpstream(destination.endpoint.protocol);
  const translation = { upstream, client, context, restoration };
  return envelope.stream
    ? new TranslatedStreamRelay(translation)
    : new TranslatedJsonRelay(translation);
}
