import type { EditableBody, UpstreamBody } from '#adapters';
import {
  nothingToRestore,
  protocols,
  opaqueEnvelopeMark,
  removeForeignThinking,
  type CanonicalRequest,
  type ClientProtocol,
  type ForeignThinking,
  type LossMode,
  type ModelCapabilities,
  type Protocol,
  type ProtocolId,
  type RequestAddress,
  type RequestEnvelope,
  type Restoration,
  type TranslationTarget,
  type Warning,
  type WireProtocol,
  type WireProtocolId,
} from '#translation';

/** A request as its caller sent it. */
export interface ClientRequest {
  readonly call: { readonly protocol: WireProtocol; readonly address: RequestAddress | null };
  readonly envelope: RequestEnvelope;
  readonly body: EditableBody;
  /** The version of the protocol that the caller's headers name, where it has versions. */
  readonly apiVersion: string | null;
  /** How much of it may be lost on the way to a target. */
  readonly lossMode: LossMode;
}

export interface ComposedBody {
  readonly body: UpstreamBody;
  readonly warnings: readonly Warning[];
  readonly restoration: Restoration;
  /** What was translated; null for bytes that pass through. */
  readonly canonical: CanonicalRequest | null;
}

interface Passage {
  readonly protocol: WireProtocolId;
  readonly model: string;
  readonly capabilities: ModelCapabilities;
}

/** The caller's bytes with the declared edits in them; null where the target must be sent a body of our own. */
export function passThrough(
  { call, envelope, body, lossMode }: ClientRequest,
  { protocol, model, capabilities }: Passage,
): ComposedBody | null {
  if (protocol !== call.protocol.id) return null;
  const edits = call.protocol.passthroughEdits(envelope, model, capabilities);
  const foreign = holdsOurMarks(protocol, body) ? findForeign(protocol, body) : nothingForeign;
  if (foreign === null || (lossMode === 'strict' && foreign.warnings.length > 0)) return null;
  return {
    body: body.withEdits(foreign.edits.length === 0 ? edits : [...edits, ...foreign.edits]),
    warnings: foreign.warnings,
    restoration: nothingToRestore,
    canonical: null,
  };
}

/** A provider would refuse tokens of others that we put into its slots. */
function holdsOurMarks(upstream: WireProtocolId, body: EditableBody): boolean {
  return upstream !== 'openai-chat' && body.original.includes(opaqueEnvelopeMark);
}

const nothingForeign = { edits: [], warnings: [] };

/** Deletions keep the prefix that a provider has cached; null where the request must be rebuilt without the tokens. */
function findForeign(
  protocol: WireProtocolId,
  body: EditableBody,
): Pick<ForeignThinking, 'edits' | 'warnings'> | null {
  if (protocol !== 'anthropic-messages') return null;
  const foreign = removeForeignThinking(body.original.toString('latin1'));
  return foreign.isComplete ? foreign : null;
}

/** @throws GatewayError `invalid_request` */
export function readCanonical({ call, body, apiVersion }: ClientRequest): CanonicalRequest {
  const text = body.original.toString('utf8');
  return asClient(call.protocol).decodeRequest(text, call.address, apiVersion);
}

/** @throws GatewayError `unsupported_by_target` */
export function translatedBody(
  request: CanonicalRequest,
  upstream: WireProtocolId,
  target: TranslationTarget,
): ComposedBody {
  return { ...asUpstream(upstream).encodeRequest(request, target), canonical: request };
}

/** `chooseProtocol` lets only callers come here that can be translated. */
export function asClient(protocol: WireProtocol): ClientProtocol {
  if ('decodeRequest' in protocol) return protocol as ClientProtocol;
  throw new Error(`${protocol.id} cannot be translated`);
}

export function asUpstream(id: WireProtocolId): Protocol {
  return protocols[id as ProtocolId];
}
