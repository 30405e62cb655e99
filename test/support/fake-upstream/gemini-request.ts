import { asFields, listOf, numberOf, stringsOf, type RequestFields } from './request-fields.js';
import type { UpstreamRequest } from './upstream-request.js';

/** `/v1beta/models/{model}:{method}` */
export const geminiPath = /^\/v1beta\/models\/([^:]+):(generateContent|streamGenerateContent)$/;

/** What a script may depend on, of a request to Gemini; the model and the way of answering stand in its path. */
export function readGeminiRequest(
  fields: RequestFields,
): Pick<UpstreamRequest, 'stopSequences' | 'maxTokens' | 'toolResult' | 'fault'> {
  const settings = asFields(fields['generationConfig']);
  const contents = listOf(fields['contents']);
  return {
    stopSequences: stringsOf(settings['stopSequences']),
    maxTokens: numberOf(settings['maxOutputTokens']),
    toolResult: resultOf(contents.at(-1)),
    fault: faultOf(contents),
  };
}

const partsOf = (content: RequestFields | undefined, name: string): RequestFields[] =>
  listOf(content?.['parts']).flatMap((part) => (name in part ? [asFields(part[name])] : []));

function resultOf(last: RequestFields | undefined): string | null {
  const results = partsOf(last, 'functionResponse').map(({ response }) => {
    const { output, error, result, content } = asFields(response);
    const value = output ?? error ?? result ?? content;
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
  return results.length === 0 ? null : results.join(' and ');
}

function faultOf(contents: readonly RequestFields[]): string | null {
  if (contents.length === 0) return '* GenerateContentRequest.contents: contents is not specified';
  let open = 0;
  for (const content of contents) {
    const { role } = content;
    if (role !== 'user' && role !== 'model' && role !== undefined)
      return 'Please use a valid role: user, model.';
    if (listOf(content['parts']).length === 0)
      return '* GenerateContentRequest.contents[0].parts: contents.parts must not be empty.';
    const results = partsOf(content, 'functionResponse').length;
    if (open > 0 ? results !== open : results > 0) {
      return 'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.';
    }
    open = partsOf(content, 'functionCall').length;
  }
  return null;
}
