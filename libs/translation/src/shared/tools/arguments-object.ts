import type { ToolCallPart } from '../../canonical/content.js';
import { GatewayError } from '../../errors/gateway-error.js';
import { asRecord, tryParse } from '../json/json-access.js';
import { JsonText } from '../json/write-json.js';
import { freeformArguments } from './tool-names.js';

/**
 * A call's arguments where they must be an object; none at all, and `null`, are an empty one.
 * @throws GatewayError `invalid_request` for arguments that are not a JSON object
 */
export function argumentsObject({ argumentsText, isFreeform, path }: ToolCallPart): JsonText {
  const text = isFreeform === true ? freeformArguments(argumentsText) : argumentsText.trim();
  if (text === '' || text === 'null') return new JsonText('{}');
  if (asRecord(tryParse(text)) !== null) return new JsonText(text);
  const field = `${path}.function.arguments`;
  throw new GatewayError('invalid_request', `\`${field}\` must be the JSON text of an object.`, {
    path: field,
  });
}
