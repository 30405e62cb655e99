import type { EditableBody } from '#adapters';
import {
  nothingToRestore,
  protocols,
  opaqueEnvelopeMark,
  type CanonicalRequest,
  type ClientProtocol,
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
}

export interface ComposedBody {
  readonly body: Buffer | string;
  readonly warnings: readonly Warning[];
  readonly restoration: Restoration;
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
export function editedBody({ call, envelope, body }: ClientRequest, model: string): ComposedBody {
  return {
    body: body.withEdits(call.protocol.passthroughEdits(envelope, model)),
    warnings: [],
    restoration: nothingToRestore,
  };
}

/** @throws GatewayError `invalid_request` */
export function readCanonical({ call, body }: ClientRequest): CanonicalRequest {
  return asClient(call.protocol).decodeRequest(body.original.toString('utf8'), call.address);
}

/** @throws GatewayError `unsupported_by_target` */
export function translatedBody(
  request: CanonicalRequest,
  upstream: WireProtocolId,
  target: TranslationTarget,
): ComposedBody {
  return asUpstream(upstream).encodeRequest(request, target);
}

/** `chooseProtocol` lets only callers come here that can be translated. */
export function asClient(protocol: WireProtocol): ClientProtocol {
  if ('decodeRequest' in protocol) return protocol as ClientProtocol;
  throw new Error(`${protocol.id} cannot be translated`);
}

export function asUpstream(id: WireProtocolId): Protocol {
  return protocols[id as ProtocolId];
}
