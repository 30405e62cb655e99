import type { OpaqueToken } from '../../canonical/content.js';
import type { GatewayError } from '../../errors/gateway-error.js';
import { asRecord, tryParse } from '../../shared/json/json-access.js';
import { JsonText } from '../../shared/json/write-json.js';
import { invalidArguments } from '../../shared/reply/invalid-arguments.js';
import { encodeSignature } from '../thought-signature.js';
import type { WirePart } from '../wire.js';

export function textPart(
  type: 'text' | 'reasoning' | 'refusal',
  text: string,
  opaque: OpaqueToken | null | undefined,
): WirePart {
  return {
    text,
    thought: type === 'reasoning' ? true : undefined,
    thoughtSignature: encodeSignature(opaque),
  };
}

export interface CallToEncode {
  readonly id: string;
  readonly name: string;
  readonly argumentsText: string;
  readonly opaque?: OpaqueToken | null | undefined;
}

/** The id goes out as well, since the client returns it with the result. An error for arguments that are no object. */
export function callPart(call: CallToEncode): WirePart | GatewayError {
  const { id, name, opaque } = call;
  const text = call.argumentsText.trim();
  const isAbsent = text === '' || text === 'null';
  if (!isAbsent && asRecord(tryParse(text)) === null) return invalidArguments(name);
  // an event of a stream is one line; in valid JSON, a line break is mere white space
  const line = text.replaceAll(/[\r\n]+/g, ' ');
  return {
    functionCall: { id, name, args: new JsonText(isAbsent ? '{}' : line) },
    thoughtSignature: encodeSignature(opaque),
  };
}
