import {
  isCount,
  isJsonObject,
  listOf,
  objectOf,
  type Json,
  type RuleBook,
} from '../stream-grammar/rule-book.js';

const topLevel = [
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'safetySettings',
  'generationConfig',
  'cachedContent',
  'labels',
  'store',
  'serviceTier',
  // tolerated by servers that read the model from the body
  'model',
];

/** Would the API take this body? Rules of `GenerateContentRequest`, as far as they can be checked. */
export function checkGenerateRequest(body: Json, book: RuleBook): void {
  for (const name of Object.keys(body)) book.holds(topLevel.includes(name), `${name} is no field`);
  const contents = listOf(body['contents']);
  book.holds(contents.length > 0, 'contents is not empty');
  for (const [at, content] of contents.entries()) checkContent(content, contents[at - 1], book);
  const system = body['systemInstruction'];
  if (system !== undefined)
    book.holds(
      listOf(objectOf(system)['parts']).every((part) => typeof part['text'] === 'string'),
      'systemInstruction holds texts',
    );
  checkTools(body, book);
  checkConfig(objectOf(body['generationConfig']), book);
}

function partsOf(content: Json): readonly Json[] {
  return listOf(content['parts']);
}

function checkContent(content: Json, before: Json | undefined, book: RuleBook): void {
  const { role } = content;
  book.holds(role === 'user' || role === 'model', `role is not ${String(role)}`);
  const parts = partsOf(content);
  book.holds(parts.length > 0, 'parts is not empty');
  for (const part of parts) checkPart(part, String(role), book);
  const responses = parts.filter((part) => 'functionResponse' in part);
  const calls =
    before === undefined ? [] : partsOf(before).filter((part) => 'functionCall' in part);
  book.holds(
    before?.['role'] !== 'model' || responses.length === calls.length,
    'as many responses as calls in the turn before',
  );
  const names = (list: readonly Json[], key: string): string =>
    list.map((part) => String(objectOf(part[key])['name'])).join();
  if (responses.length > 0)
    book.holds(
      names(responses, 'functionResponse') === names(calls, 'functionCall'),
      'responses stand in the order of the calls and bear their names',
    );
}

const kinds = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
];

function checkPart(part: Json, role: string, book: RuleBook): void {
  const held = kinds.filter((kind) => kind in part);
  book.holds(held.length === 1, `a part holds one thing, not ${held.join(' and ') || 'nothing'}`);
  if ('functionCall' in part) {
    const { name, args } = objectOf(part['functionCall']);
    book.holds(role === 'model', 'a call is the model’s');
    book.holds(
      typeof name === 'string' && (args === undefined || isJsonObject(JSON.stringify(args))),
      'a call has a name and object args',
    );
  }
  if ('functionResponse' in part) {
    const { name, response } = objectOf(part['functionResponse']);
    book.holds(role === 'user', 'a response is the user’s');
    book.holds(
      typeof name === 'string' && isJsonObject(JSON.stringify(response)),
      'a response has a name and is an object',
    );
  }
  if ('inlineData' in part) {
    const { mimeType, data } = objectOf(part['inlineData']);
    book.holds(
      typeof data === 'string' && /^\w+\/[\w.+-]+$/.test(String(mimeType)),
      'inline data has a type',
    );
  }
  if ('fileData' in part)
    book.holds(typeof objectOf(part['fileData'])['fileUri'] === 'string', 'file data has a URI');
}

function checkTools(body: Json, book: RuleBook): void {
  const declarations = listOf(body['tools']).flatMap((tool) =>
    listOf(tool['functionDeclarations']),
  );
  for (const declaration of declarations) {
    book.holds(
      /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/.test(String(declaration['name'])),
      'a function name is plain and short',
    );
    book.holds(
      !('parameters' in declaration && 'parametersJsonSchema' in declaration),
      'one of parameters and parametersJsonSchema',
    );
  }
  const names = declarations.map(({ name }) => name);
  book.holds(new Set(names).size === names.length, 'function names are unique');
  const config = body['toolConfig'];
  if (config === undefined) return;
  const { mode, allowedFunctionNames } = objectOf(objectOf(config)['functionCallingConfig']);
  book.holds(
    ['AUTO', 'ANY', 'NONE', 'VALIDATED', undefined].includes(mode as string),
    'mode is known',
  );
  if (!Array.isArray(allowedFunctionNames)) return;
  book.holds(mode === 'ANY' || mode === 'VALIDATED', 'allowed names come with ANY or VALIDATED');
  book.holds(
    allowedFunctionNames.every((name) => names.includes(name)),
    'allowed names are declared',
  );
}

function checkConfig(config: Json, book: RuleBook): void {
  const { maxOutputTokens: limit, stopSequences: stops, thinkingConfig: thinking } = config;
  book.holds(limit === undefined || (isCount(limit) && limit > 0), 'maxOutputTokens is above 0');
  book.holds(
    stops === undefined || (Array.isArray(stops) && stops.length <= 5),
    'at most 5 stopSequences',
  );
  const { thinkingBudget, thinkingLevel } = objectOf(thinking);
  book.holds(
    thinkingBudget === undefined || thinkingLevel === undefined,
    'a thinking budget or a level, not both',
  );
  book.holds(
    !('responseSchema' in config && 'responseJsonSchema' in config),
    'one of responseSchema and responseJsonSchema',
  );
}
