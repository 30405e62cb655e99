import { listOf, objectOf, type Json } from '../../support/stream-grammar/rule-book.js';
import { ReadingDraft, type RequestReading } from './request-reading.js';

export function readOpenaiResponsesRequest(body: Json): RequestReading {
  const draft = new ReadingDraft();
  draft.say('system', body['instructions'], 'instructions');
  draft.say('user', body['input'], 'input');
  for (const [at, item] of listOf(body['input']).entries()) readItem(item, `input[${at}]`, draft);
  for (const [at, tool] of listOf(body['tools']).entries()) readTool(tool, `tools[${at}]`, draft);
  draft.setAll(body, {
    limit: 'max_output_tokens',
    temperature: 'temperature',
    topP: 'top_p',
  });
  draft.set('choice', choiceOf(body['tool_choice']), 'tool_choice');
  if (body['parallel_tool_calls'] === false) draft.set('isSerial', true, 'parallel_tool_calls');
  const format = objectOf(objectOf(body['text'])['format']);
  if (format['type'] === 'json_object') draft.set('isJson', true, 'text');
  if (format['type'] === 'json_schema') draft.set('schema', format['schema'], 'text');
  return draft;
}

function readTool(tool: Json, path: string, draft: ReadingDraft): void {
  const { type, name, description, parameters } = tool;
  if (type === 'namespace') {
    for (const [at, member] of listOf(tool['tools']).entries())
      readTool(member, `${path}.tools[${at}]`, draft);
  }
  if (type !== 'function') return;
  draft.tools.push({
    name: String(name),
    description: String(description ?? ''),
    schema: parameters ?? null,
    path,
  });
}

function readItem(item: Json, path: string, draft: ReadingDraft): void {
  switch (item['type'] ?? 'message') {
    case 'message':
      draft.say(item['role'], item['content'], path);
      for (const [at, part] of listOf(item['content']).entries())
        readPart(part, item['role'], `${path}.content[${at}]`, draft);
      return;
    case 'function_call':
    case 'custom_tool_call':
      draft.calls.push({
        id: String(item['call_id']),
        name: String(item['name']),
        arguments: String(item['arguments'] ?? item['input'] ?? ''),
        path,
      });
      return;
    case 'function_call_output':
    case 'custom_tool_call_output': {
      const inner = new ReadingDraft();
      inner.say('user', item['output'], path);
      for (const [at, part] of listOf(item['output']).entries())
        readPart(part, 'user', `${path}.output[${at}]`, inner);
      draft.results.push({
        id: String(item['call_id']),
        texts: inner.prompt.map(({ text }) => text),
        path,
      });
      draft.media.push(...inner.media);
    }
  }
}

function readPart(part: Json, role: unknown, path: string, draft: ReadingDraft): void {
  draft.say(role, part['text'], path);
  draft.say(role, part['refusal'], path);
  for (const name of ['image_url', 'file_data', 'file_url', 'file_id'])
    draft.show(part[name], path);
}

function choiceOf(choice: unknown): string | undefined {
  if (typeof choice === 'string') return choice;
  const { type, name, mode } = objectOf(choice);
  if (type === 'function' || type === 'custom') return `named ${String(name)}`;
  return type === 'allowed_tools' ? String(mode) : undefined;
}
