import type { EditableBody } from '#adapters';
import {
  nothingToRestore,
  protocols,
  opaqueEnvelopeMark,
  type CanonicalRequest,
  type ClientProtocol,
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
}

export interface ComposedBody {
  readonly body: Buffer | string;
  readonly warnings: readonly Warning[];
  readonly restoration: Restoration;
  /** What was translated; null for bytes that pass through. */
  readonly canonical: CanonicalRequest | null;
}

/** Is the body sent as it came, apart from the declared edits? */
export function isUntouched({ call, body }: ClientRequest, upstream: WireProtocolId): boolean {
  return upstream === call.protocol.id && !holdsOurMarks(upstream, body);
}

/** A provider would refuse tokens of others that we put into its slots; a rebuilt request leaves them out. */
function holdsOurMarks(upstream: WireProtocolId, body: EditableBody): boolean {
  return upstream !== 'openai-chat' && body.original.includes(opaqueEnvelopeMark);
}

/** The same protocol on both sides: the caller's bytes with the model's name in them. */
export function editedBody(
  { call, envelope, body }: ClientRequest,
  model: string,
  capabilities: ModelCapabilities,
): ComposedBody {
  return {
    body: body.withEdits(call.protocol.passthroughEdits(envelope, model, capabilities)),
    warnings: [],
    restoration: nothingToRestore,
    canonical: null,
  };
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
