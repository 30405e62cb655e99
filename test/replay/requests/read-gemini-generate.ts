import { listOf, objectOf, type Json } from '../../support/stream-grammar/rule-book.js';
import { ReadingDraft, type RequestReading } from './request-reading.js';

const modes: Readonly<Record<string, string>> = {
  AUTO: 'auto',
  ANY: 'required',
  NONE: 'none',
  VALIDATED: 'auto',
};

/** Members may be written in camel or snake case; the API takes both. */
function member(json: Json, camel: string): unknown {
  return json[camel] ?? json[camel.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

export function readGeminiGenerateRequest(body: Json): RequestReading {
  const draft = new ReadingDraft();
  const system = member(body, 'systemInstruction');
  for (const [at, part] of listOf(objectOf(system)['parts']).entries())
    draft.say('system', part['text'], `systemInstruction.parts[${at}]`);
  for (const [at, { role, parts }] of listOf(body['contents']).entries())
    for (const [index, part] of listOf(parts).entries())
      readPart(part, role, `contents[${at}].parts[${index}]`, draft);
  for (const [at, tool] of listOf(body['tools']).entries()) {
    const path = `tools[${at}].functionDeclarations`;
    const declarations = listOf(member(tool, 'functionDeclarations'));
    for (const [index, declaration] of declarations.entries()) {
      draft.tools.push({
        name: String(declaration['name']),
        description: String(declaration['description'] ?? ''),
        schema: member(declaration, 'parametersJsonSchema') ?? declaration['parameters'] ?? null,
        path: `${path}[${index}]`,
      });
    }
  }
  readConfig(objectOf(member(body, 'generationConfig')), draft);
  const calling = objectOf(member(objectOf(member(body, 'toolConfig')), 'functionCallingConfig'));
  const names = member(calling, 'allowedFunctionNames');
  const mode = modes[String(calling['mode'])];
  const [first, ...others] = Array.isArray(names) ? names : [];
  const isNamed = mode === 'required' && first !== undefined && others.length === 0;
  draft.set('choice', isNamed ? `named ${String(first)}` : mode, 'toolConfig');
  return draft;
}

function readPart(part: Json, role: unknown, path: string, draft: ReadingDraft): void {
  if (part['thought'] === true) return;
  draft.say(role, part['text'], path);
  draft.show(objectOf(member(part, 'inlineData'))['data'], path);
  draft.show(member(objectOf(member(part, 'fileData')), 'fileUri'), path);
  const call = member(part, 'functionCall');
  if (call !== undefined) {
    const { id, name, args } = objectOf(call);
    draft.calls.push({
      id: typeof id === 'string' ? id : null,
      name: String(name),
      arguments: JSON.stringify(args ?? {}),
      path,
    });
  }
  const result = member(part, 'functionResponse');
  if (result === undefined) return;
  const { id, name, response, parts } = objectOf(result);
  for (const inner of listOf(parts)) readPart(inner, 'user', path, draft);
  draft.results.push({
    id: typeof id === 'string' ? id : null,
    name: String(name),
    texts: leavesOf(response),
    path,
  });
}

/** The texts inside a response object, whatever its members are called. */
function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null)
    return value === undefined ? [] : [String(value)];
  return Object.values(value).flatMap(leavesOf);
}

function readConfig(config: Json, draft: ReadingDraft): void {
  for (const [name, camel] of [
    ['limit', 'maxOutputTokens'],
    ['temperature', 'temperature'],
    ['topP', 'topP'],
    ['topK', 'topK'],
    ['stops', 'stopSequences'],
    ['presencePenalty', 'presencePenalty'],
    ['frequencyPenalty', 'frequencyPenalty'],
    ['seed', 'seed'],
  ] as const)
    draft.set(name, member(config, camel), `generationConfig.${camel}`);
  const schema = member(config, 'responseJsonSchema') ?? member(config, 'responseSchema');
  draft.set('schema', schema, 'generationConfig');
  if (schema === undefined && member(config, 'responseMimeType') === 'application/json')
    draft.set('isJson', true, 'generationConfig.responseMimeType');
}
