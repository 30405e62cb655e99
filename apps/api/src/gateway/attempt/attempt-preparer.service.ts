import { providerDefinitions } from '#adapters';
import { Injectable } from '@nestjs/common';
import type { AttemptRecord } from '../../audit/attempt-record.js';
import { LocalTargetService } from '../../processes/local-target.service.js';
import { AppConfig } from '../../config/app-config.js';
import { chooseProtocol } from '../../routing/choose-protocol.js';
import type { LocalTarget, ResolvedTarget } from '../../routing/resolved-target.js';
import type { AttemptJob, RequestJob } from './attempt-job.js';
import type { AttemptLane } from './attempt-lane.js';
import { passThrough, readCanonical, translatedBody, type ComposedBody } from './compose-body.js';
import { composeJob } from './compose-job.js';
import type { Destination } from './destination.js';
import { providerDestination } from './provider-destination.js';
import { translationTarget } from './translation-target.js';
import { MediaFetcher } from '../media/media-fetcher.service.js';

export interface PreparedAttempt {
  readonly job: AttemptJob;
  /** Gives back what the attempt holds (a lease on a local instance). Idempotent. */
  readonly release: () => void;
}

interface LocalAttempt {
  readonly target: LocalTarget;
  readonly lane: AttemptLane;
  readonly record: AttemptRecord;
}

/** Makes ready what one attempt needs: a running engine or a provider's address, and the body it understands. */
@Injectable()
export class AttemptPreparer {
  constructor(
    private readonly local: LocalTargetService,
    private readonly media: MediaFetcher,
    private readonly config: AppConfig,
  ) {}

  async prepare(
    request: RequestJob,
    lane: AttemptLane,
    record: AttemptRecord,
  ): Promise<PreparedAttempt> {
    const { target } = lane;
    const destination =
      target.kind === 'local'
        ? await this.localDestination(request, { target, lane, record })
        : providerDestination(request, target);
    lane.ready();
    try {
      const { protocol } = destination.endpoint;
      const capabilities = target.capabilities(protocol);
      const composed =
        passThrough(request, { protocol, model: destination.model, capabilities }) ??
        (await this.translate(request, target, destination));
      const job = composeJob(request, { destination, record, lane, composed });
      return { job, release: destination.release };
    } catch (error) {
      destination.release();
      throw error;
    }
  }

  /** What a model cannot take is found before it is loaded for nothing. @throws GatewayError `unsupported_by_target` */
  private assertTakes(request: RequestJob, target: LocalTarget): void {
    const { call, envelope, lossMode } = request;
    const { label, capabilities } = target;
    const spoken = this.local.protocolsOf(target.spec);
    // what is fetched by URL is known only once it is fetched
    if (spoken.length === 0 || call.key.mayFetchUrls) return;
    const protocol = chooseProtocol(call.protocol.id, { label, spoken, capabilities }, envelope);
    if (protocol === call.protocol.id) return;
    const model = target.upstreamModel;
    const upstream = translationTarget(target, { protocol, model }, lossMode);
    translatedBody(readCanonical(request), protocol, upstream);
  }

  private async translate(
    request: RequestJob,
    target: ResolvedTarget,
    { endpoint, model }: Destination,
  ): Promise<ComposedBody> {
    const { protocol } = endpoint;
    const upstream = translationTarget(target, { protocol, model }, request.lossMode);
    const asked = readCanonical(request);
    // fetching what a private request names would tell of it outside
    const mayFetchUrls = request.call.key.mayFetchUrls && !request.isPrivate;
    const filled = await this.media.inline(asked, upstream, mayFetchUrls);
    return translatedBody(filled ?? asked, protocol, upstream);
  }

  private async localDestination(
    request: RequestJob,
    { target, lane, record }: LocalAttempt,
  ): Promise<Destination> {
    if (!this.local.outlook(target.spec).isServingNow) this.assertTakes(request, target);
    const lease = await this.local.acquire(lane, target.spec);
    record.instanceId = lease.instanceId;
    record.queueMs = lease.queueMs;
    record.loadMs = lease.loadMs;
    const { call, envelope } = request;
    const { label, capabilities } = target;
    const protocol = chooseProtocol(
      call.protocol.id,
      { label, spoken: lease.protocols, capabilities },
      envelope,
    );
    const definition = providerDefinitions[protocol];
    const authorization = lease.apiKey === null ? [] : ['authorization', `Bearer ${lease.apiKey}`];
    return {
      endpoint: {
        origin: lease.origin,
        path:
          definition.usualBasePath + definition.inferencePath(lease.servedModel, envelope.stream),
        protocol,
        allowPrivateNetwork: true,
        isLocal: true,
        headers: ['content-type', 'application/json', ...authorization],
      },
      model: lease.servedModel,
      headers: [],
      returnedHeaders: [],
      timeouts: {
        // a long prompt is read for minutes before the first byte; the caller's patience is the limit
        headersMs: target.firstByteTimeoutMs ?? 0,
        idleMs: this.config.engineSilenceMs,
      },
      lost: lease.lost,
      witness: lease,
      release: () => lease.release(),
    };
  }
}
