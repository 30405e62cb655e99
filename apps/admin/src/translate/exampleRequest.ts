import { findProtocol } from '../protocols/protocols.js';

/** A request to begin with, in the words of a protocol; its model goes into the body where the protocol has it there. */
export function exampleRequest(protocolId: string, model: string): string {
  const protocol = findProtocol(protocolId);
  const body = protocol?.namesModelInUrl ? protocol.example : { model, ...protocol?.example };
  return JSON.stringify(body, null, 2);
}
