import { EditableBody, providerDefinitions } from '#adapters';
import { Supervisor } from '#process';
import { Injectable } from '@nestjs/common';
import {
  GatewayError,
  wireProtocols,
  type LossMode,
  type RequestAddress,
  type Warning,
  type WireProtocolId,
} from '#translation';
import { chooseProtocol } from '../../routing/choose-protocol.js';
import type { ResolvedTarget } from '../../routing/resolved-target.js';
import { RouteCatalog } from '../../routing/route-catalog.service.js';
import {
  passThrough,
  readCanonical,
  translatedBody,
  type ClientRequest,
  type ComposedBody,
} from '../attempt/compose-body.js';
import { translationTarget } from '../attempt/translation-target.js';

export interface PreviewQuestion {
  readonly protocol: WireProtocolId;
  /** The request, byte for byte as a client would send it. */
  readonly body: Buffer;
  readonly address: RequestAddress | null;
  /** null = the route's own. */
  readonly lossMode: LossMode | null;
}

/** What one target of the route would be sent. */
export interface TargetPreview {
  readonly target: string;
  readonly protocol: WireProtocolId | null;
  /** Path and query behind the target's origin. */
  readonly path: string | null;
  readonly isPassthrough: boolean;
  /** The outgoing body as text; null when the target cannot be asked. */
  readonly body: string | null;
  readonly warnings: readonly Warning[];
  readonly refusal: {
    readonly code: string;
    readonly message: string;
    readonly path: string | null;
  } | null;
}

/** Shows what a request would become for each target of its route. Nothing is sent, started or fetched. */
@Injectable()
export class TranslationPreviewService {
  constructor(
    private readonly routes: RouteCatalog,
    private readonly supervisor: Supervisor,
  ) {}

  /** @throws GatewayError `invalid_request`, `model_not_found` */
  preview(question: PreviewQuestion): { route: string; targets: TargetPreview[] } {
    const protocol = wireProtocols[question.protocol];
    const envelope = protocol.readEnvelope(question.body, question.address);
    const route = this.routes.find(envelope.model);
    const lossMode = question.lossMode ?? route.lossMode;
    const call = { protocol, address: question.address };
    const targets = route.targets.map((target) => {
      // a copy each: edits are written into the bytes
      const body = new EditableBody(Buffer.from(question.body));
      return this.previewTarget({ call, envelope, body, apiVersion: null, lossMode }, target);
    });
    return { route: route.name, targets };
  }

  private previewTarget(request: ClientRequest, target: ResolvedTarget): TargetPreview {
    try {
      const { label, capabilities } = target;
      const protocol = chooseProtocol(
        request.call.protocol.id,
        { label, spoken: this.spokenBy(target), capabilities },
        request.envelope,
      );
      const composed = compose(request, target, protocol);
      return {
        target: target.label,
        protocol,
        path: pathOf(target, protocol, request.envelope.stream),
        isPassthrough: composed.canonical === null,
        body: composed.body.toString(),
        warnings: composed.warnings,
        refusal: null,
      };
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return refused(target, error);
    }
  }

  private spokenBy(target: ResolvedTarget): readonly WireProtocolId[] {
    return target.kind === 'provider'
      ? target.spoken
      : this.supervisor.protocolsOf(target.spec.engine);
  }
}

function compose(
  request: ClientRequest,
  target: ResolvedTarget,
  protocol: WireProtocolId,
): ComposedBody {
  const goal = translationTarget(
    target,
    { protocol, model: target.upstreamModel },
    request.lossMode,
  );
  return (
    passThrough(request, { protocol, ...goal }) ??
    translatedBody(readCanonical(request), protocol, goal)
  );
}

function pathOf(target: ResolvedTarget, protocol: WireProtocolId, isStream: boolean): string {
  const definition = providerDefinitions[protocol];
  const basePath = target.kind === 'provider' ? target.basePath : definition.usualBasePath;
  return basePath + definition.inferencePath(target.upstreamModel, isStream);
}

function refused(target: ResolvedTarget, { code, message, path }: GatewayError): TargetPreview {
  return {
    target: target.label,
    protocol: null,
    path: null,
    isPassthrough: false,
    body: null,
    warnings: [],
    refusal: { code, message, path },
  };
}
