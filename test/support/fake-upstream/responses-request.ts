import { listOf, numberOf, type RequestFields } from './request-fields.js';
import type { UpstreamRequest } from './upstream-request.js';

/** What a script may depend on, of a request in OpenAI's Responses. */
export function readResponsesRequest(
  fields: RequestFields,
): Pick<UpstreamRequest, 'stopSequences' | 'maxTokens' | 'toolResult' | 'fault'> {
  const items = listOf(fields['input']);
  return {
    stopSequences: [],
    maxTokens: numberOf(fields['max_output_tokens']),
    toolResult: resultOf(items),
    fault: faultOf(fields, items),
  };
}

const outputTypes = ['function_call_output', 'custom_tool_call_output'];

function resultOf(items: readonly RequestFields[]): string | null {
  const results: string[] = [];
  for (let at = items.length - 1; outputTypes.includes(String(items[at]?.['type'])); at -= 1) {
    const output = items[at]?.['output'];
    results.unshift(
      typeof output === 'string'
        ? output
        : listOf(output)
            .map((part) => String(part['text'] ?? ''))
            .join(''),
    );
  }
  return results.length === 0 ? null : results.join(' and ');
}

function faultOf(fields: RequestFields, items: readonly RequestFields[]): string | null {
  if (typeof fields['input'] !== 'string' && items.length === 0)
    return "Missing required parameter: 'input'.";
  const calls = new Set(
    items.filter(({ type }) => String(type).endsWith('_call')).map(({ call_id: id }) => id),
  );
  const stray = items.find(
    ({ type, call_id: id }) => outputTypes.includes(String(type)) && !calls.has(id),
  );
  if (stray !== undefined)
    return `No tool call found for function call output with call_id ${String(stray['call_id'])}.`;
  const limit = numberOf(fields['max_output_tokens']);
  return limit !== null && limit < 16
    ? `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got ${limit} instead.`
    : null;
}
