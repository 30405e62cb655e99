import { lookUpCapabilities, providerDefinitions, type UpstreamEndpoint } from '#adapters';
import { Injectable } from '@nestjs/common';
import {
  estimateTokens,
  nothingToRestore,
  protocols,
  unsignedThinkingMark,
  type CanonicalRequest,
  type Protocol,
  type ReplyContext,
  type Restoration,
  type TranslationTarget,
  type Warning,
} from '#translation';
import type { AttemptRecord } from '../../audit/attempt-record.js';
import { LocalTargetService } from '../../processes/local-target.service.js';
import type { LocalTarget, ProviderTarget, ResolvedTarget } from '../../routing/resolved-target.js';
import type { AttemptJob, RequestJob } from './attempt-job.js';
import { forwardedHeaders } from './forwarded-headers.js';
import { PassthroughJsonRelay } from '../relay/passthrough-json-relay.js';
import { PassthroughStreamRelay } from '../relay/passthrough-stream-relay.js';
import type { Relay } from '../relay/relay.js';
import { TranslatedJsonRelay } from '../relay/translated-json-relay.js';
import { TranslatedStreamRelay } from '../relay/translated-stream-relay.js';

/** Local engines may read a long prompt for minutes before the first byte; the caller's patience is the limit. */
const localTimeouts = { headersMs: 0, idleMs: 300_000 };
const providerTimeouts = { streamHeadersMs: 120_000, wholeHeadersMs: 600_000, idleMs: 120_000 };

interface Destination {
  readonly endpoint: UpstreamEndpoint;
  readonly model: string;
  readonly headers: readonly string[];
  readonly returnedHeaders: readonly string[];
  readonly timeouts: { readonly headersMs: number; readonly idleMs: number };
  readonly lost: AbortSignal | null;
  readonly release: () => void;
}

export interface PreparedAttempt {
  readonly job: AttemptJob;
  /** Gives back what the attempt holds (a lease on a local instance). Idempotent. */
  readonly release: () => void;
}

/** Makes ready what one attempt needs: a running engine or a provider's address, and the body it understands. */
@Injectable()
export class AttemptPreparer {
  constructor(private readonly local: LocalTargetService) {}

  async prepare(
    request: RequestJob,
    target: ResolvedTarget,
    record: AttemptRecord,
  ): Promise<PreparedAttempt> {
    const destination =
      target.kind === 'local'
        ? await this.localDestination(request, target, record)
        : providerDestination(request, target);
    try {
      return {
        job: composeJob(request, { target, destination, record }),
        release: destination.release,
      };
    } catch (error) {
      destination.release();
      throw error;
    }
  }

  private async localDestination(
    request: RequestJob,
    target: LocalTarget,
    record: AttemptRecord,
  ): Promise<Destination> {
    const lease = await this.local.acquire(request.call, target.spec);
    record.instanceId = lease.instanceId;
    record.queueMs = lease.queueMs;
    record.loadMs = lease.loadMs;
    const wanted = request.call.protocol.id;
    const protocol = lease.protocols.includes(wanted) ? wanted : 'openai-chat';
    const path = protocol === 'openai-chat' ? '/v1/chat/completions' : '/v1/messages';
    const authorization = lease.apiKey === null ? [] : ['authorization', `Bearer ${lease.apiKey}`];
    return {
      endpoint: {
        origin: lease.origin,
        path,
        protocol,
        allowPrivateNetwork: true,
        headers: ['content-type', 'application/json', ...authorization],
      },
      model: lease.servedModel,
      headers: [],
      returnedHeaders: [],
      timeouts: {
        ...localTimeouts,
        headersMs: target.firstByteTimeoutMs ?? localTimeouts.headersMs,
      },
      lost: lease.lost,
      release: () => lease.release(),
    };
  }
}

function providerDestination({ call }: RequestJob, target: ProviderTarget): Destination {
  const { definition } = target;
  const isSameProtocol = definition.protocol === call.protocol.id;
  const callerVersion = call.request.headers['anthropic-version'];
  const version = definition.apiVersion(
    isSameProtocol && typeof callerVersion === 'string' ? callerVersion : null,
  );
  return {
    endpoint: {
      origin: target.origin,
      path: target.path,
      protocol: definition.protocol,
      allowPrivateNetwork: target.allowPrivateNetwork,
      headers: [
        'content-type',
        'application/json',
        'accept-encoding',
        'identity',
        ...definition.authHeaders(target.credential(), version),
      ],
    },
    model: target.upstreamModel,
    headers: isSameProtocol
      ? forwardedHeaders(call.request.headers, definition.forwardedHeaders)
      : [],
    returnedHeaders: isSameProtocol ? definition.returnedHeaders : [],
    timeouts: {
      headersMs:
        target.firstByteTimeoutMs ??
        (call.record.isStream ? providerTimeouts.streamHeadersMs : providerTimeouts.wholeHeadersMs),
      idleMs: providerTimeouts.idleMs,
    },
    lost: null,
    release: () => undefined,
  };
}

interface Parts {
  readonly target: ResolvedTarget;
  readonly destination: Destination;
  readonly record: AttemptRecord;
}

function composeJob(request: RequestJob, { target, destination, record }: Parts): AttemptJob {
  const { call, envelope, body } = request;
  const upstream = protocols[destination.endpoint.protocol];
  const isPassthrough = upstream.id === call.protocol.id;
  // thinking that we marked as unsigned would be refused by the provider; the translation takes it out
  const isUntouched =
    isPassthrough &&
    !(upstream.id === 'anthropic-messages' && body.original.includes(unsignedThinkingMark));
  const goal = translationTarget(target, destination);
  const decoded = isUntouched ? null : decodeBody(request);
  const encoded =
    decoded === null
      ? {
          body: body.withEdits(
            upstream.passthroughEdits(envelope, destination.model, goal.capabilities),
          ),
          warnings: [] as readonly Warning[],
          restoration: nothingToRestore,
        }
      : upstream.encodeRequest(decoded, goal);
  return {
    call,
    record,
    endpoint: destination.endpoint,
    headers: destination.headers,
    body: encoded.body,
    relay: createRelay(request, upstream, encoded.restoration, decoded),
    isPassthrough,
    warnings: encoded.warnings,
    returnedHeaders: destination.returnedHeaders,
    timeouts: destination.timeouts,
    lost: destination.lost,
  };
}

function decodeBody({ call, body }: RequestJob): CanonicalRequest {
  const version = call.request.headers['anthropic-version'];
  return call.protocol.decodeRequest(
    body.original.toString('utf8'),
    call.address,
    typeof version === 'string' ? version : null,
  );
}

function translationTarget(target: ResolvedTarget, destination: Destination): TranslationTarget {
  const definition =
    target.kind === 'provider' ? target.definition : providerDefinitions['openai-chat'];
  return {
    model: destination.model,
    label: target.label,
    isLocal: target.kind === 'local',
    capabilities: lookUpCapabilities({
      protocol: destination.endpoint.protocol,
      isLocal: target.kind === 'local',
      baseUrl: destination.endpoint.origin,
      engine: target.kind === 'local' ? target.spec.engine : null,
      model: destination.model,
    }),
    lossMode: 'warn',
    anthropicVersion: definition.apiVersion(null) ?? undefined,
  };
}

function createRelay(
  { call, envelope, body }: RequestJob,
  upstream: Protocol,
  restoration: Restoration,
  decoded: CanonicalRequest | null,
): Relay {
  const client = call.protocol;
  const isSame = upstream.id === client.id;
  if (isSame) {
    return envelope.stream
      ? new PassthroughStreamRelay(client, !envelope.wantsStreamUsage)
      : new PassthroughJsonRelay(client);
  }
  const context: ReplyContext = {
    requestId: call.record.publicId,
    model: envelope.model,
    createdAtSeconds: Math.floor(call.record.startedAtMs / 1000),
    includeUsage: envelope.wantsStreamUsage,
    estimatedInputTokens: estimateTokens(body.original.length),
    usesFunctions: decoded?.usesFunctions,
  };
  return envelope.stream
    ? new TranslatedStreamRelay({ upstream, client, context, restoration })
    : new TranslatedJsonRelay({ upstream, client, context, restoration });
}
