import { listOf, objectOf, type Json } from '../../support/stream-grammar/rule-book.js';
import { ReadingDraft, type RequestReading } from './request-reading.js';

export function readOpenaiChatRequest(body: Json): RequestReading {
  const draft = new ReadingDraft();
  for (const [at, message] of listOf(body['messages']).entries())
    readMessage(message, `messages[${at}]`, draft);
  for (const [at, tool] of listOf(body['tools']).entries()) {
    if (tool['type'] !== 'function') continue;
    const { name, description, parameters } = objectOf(tool['function']);
    draft.tools.push({
      name: String(name),
      description: String(description ?? ''),
      schema: parameters ?? null,
      path: `tools[${at}]`,
    });
  }
  draft.setAll(body, {
    temperature: 'temperature',
    topP: 'top_p',
    topK: 'top_k',
    presencePenalty: 'presence_penalty',
    frequencyPenalty: 'frequency_penalty',
    seed: 'seed',
  });
  draft.setAll(body, { limit: 'max_tokens' });
  draft.setAll(body, { limit: 'max_completion_tokens' });
  const { stop } = body;
  if (stop !== undefined && stop !== null)
    draft.set('stops', typeof stop === 'string' ? [stop] : stop, 'stop');
  draft.set('choice', choiceOf(body['tool_choice']), 'tool_choice');
  if (body['parallel_tool_calls'] === false) draft.set('isSerial', true, 'parallel_tool_calls');
  const format = objectOf(body['response_format']);
  if (format['type'] === 'json_object') draft.set('isJson', true, 'response_format');
  if (format['type'] === 'json_schema')
    draft.set('schema', objectOf(format['json_schema'])['schema'], 'response_format');
  return draft;
}

function readMessage(message: Json, path: string, draft: ReadingDraft): void {
  const { role, content } = message;
  if (role === 'tool') {
    const texts = typeof content === 'string' ? [content] : listOf(content).map(({ text }) => text);
    draft.results.push({
      id: String(message['tool_call_id']),
      texts: texts.filter((text): text is string => typeof text === 'string'),
      path,
    });
    for (const [at, part] of listOf(content).entries())
      showMedia(part, `${path}.content[${at}]`, draft);
    return;
  }
  draft.say(role, content, path);
  for (const [at, part] of listOf(content).entries())
    readPart(part, role, `${path}.content[${at}]`, draft);
  draft.say(role, message['refusal'], path);
  for (const [at, call] of listOf(message['tool_calls']).entries()) {
    const { name, arguments: written } = objectOf(call['function']);
    draft.calls.push({
      id: String(call['id']),
      name: String(name),
      arguments: typeof written === 'string' ? written : JSON.stringify(written ?? {}),
      path: `${path}.tool_calls[${at}]`,
    });
  }
}

function readPart(part: Json, role: unknown, path: string, draft: ReadingDraft): void {
  draft.say(role, part['text'], path);
  draft.say(role, part['refusal'], path);
  showMedia(part, path, draft);
}

function showMedia(part: Json, path: string, draft: ReadingDraft): void {
  const { input_audio: audio } = part;
  // the last two are Mistral's and vLLM's
  for (const name of ['image_url', 'document_url', 'video_url']) {
    const media = part[name];
    draft.show(typeof media === 'string' ? media : objectOf(media)['url'], path);
  }
  draft.show(typeof audio === 'string' ? audio : objectOf(audio)['data'], path);
  draft.show(objectOf(part['file'])['file_data'], path);
}

/** `auto`, `required`, `none`, or the name of a tool. */
function choiceOf(choice: unknown): string | undefined {
  if (typeof choice === 'string') return choice === 'any' ? 'required' : choice;
  const { type, function: target, allowed_tools: allowed } = objectOf(choice);
  if (type === 'function') return `named ${String(objectOf(target)['name'])}`;
  return type === 'allowed_tools'
    ? objectOf(allowed)['mode'] === 'required'
      ? 'required'
      : 'auto'
    : undefined;
}
