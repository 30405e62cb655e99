import { listOf, objectOf, type Json } from '../../support/stream-grammar/rule-book.js';
import { ReadingDraft, type RequestReading } from './request-reading.js';

const choices: Readonly<Record<string, string>> = { auto: 'auto', any: 'required', none: 'none' };

export function readAnthropicMessagesRequest(body: Json): RequestReading {
  const draft = new ReadingDraft();
  draft.say('system', body['system'], 'system');
  readBlocks(body['system'], 'system', 'system', draft);
  for (const [at, { role, content }] of listOf(body['messages']).entries()) {
    const path = `messages[${at}]`;
    draft.say(role, content, path);
    readBlocks(content, role, `${path}.content`, draft);
  }
  for (const [at, tool] of listOf(body['tools']).entries()) {
    if (tool['type'] !== undefined && tool['type'] !== 'custom') continue;
    draft.tools.push({
      name: String(tool['name']),
      description: String(tool['description'] ?? ''),
      schema: tool['input_schema'] ?? null,
      path: `tools[${at}]`,
    });
  }
  draft.setAll(body, {
    limit: 'max_tokens',
    temperature: 'temperature',
    topP: 'top_p',
    topK: 'top_k',
    stops: 'stop_sequences',
  });
  const choice = objectOf(body['tool_choice']);
  const { type, name, disable_parallel_tool_use: isSerial } = choice;
  draft.set(
    'choice',
    type === 'tool' ? `named ${String(name)}` : choices[String(type)],
    'tool_choice',
  );
  if (isSerial === true) draft.set('isSerial', true, 'tool_choice');
  for (const [member, format] of [
    ['output_config', objectOf(body['output_config'])['format']],
    ['output_format', body['output_format']],
  ] as const)
    if (format !== undefined) draft.set('schema', objectOf(format)['schema'], member);
  return draft;
}

function readBlocks(blocks: unknown, role: unknown, path: string, draft: ReadingDraft): void {
  for (const [at, block] of listOf(blocks).entries())
    readBlock(block, role, `${path}[${at}]`, draft);
}

function readBlock(block: Json, role: unknown, path: string, draft: ReadingDraft): void {
  switch (block['type']) {
    case 'text':
      return draft.say(role, block['text'], path);
    case 'image':
    case 'document':
      return readMedia(block, role, path, draft);
    case 'search_result':
      draft.say(role, block['title'], path);
      draft.say(role, block['source'], path);
      return readBlocks(block['content'], role, `${path}.content`, draft);
    case 'tool_use':
      draft.calls.push({
        id: String(block['id']),
        name: String(block['name']),
        arguments: JSON.stringify(block['input'] ?? {}),
        path,
      });
      return;
    case 'tool_result': {
      const { content } = block;
      const inner = new ReadingDraft();
      inner.say('user', content, path);
      readBlocks(content, 'user', `${path}.content`, inner);
      draft.results.push({
        id: String(block['tool_use_id']),
        texts: inner.prompt.map(({ text }) => text),
        path,
      });
      draft.media.push(...inner.media);
    }
  }
}

function readMedia(block: Json, role: unknown, path: string, draft: ReadingDraft): void {
  const source = objectOf(block['source']);
  draft.say(role, block['context'], path);
  if (source['type'] === 'text') draft.say(role, source['data'], path);
  else if (source['type'] === 'content') readBlocks(source['content'], role, path, draft);
  else draft.show(source['data'] ?? source['url'] ?? source['file_id'], path);
}
