import {
  isCount,
  isJsonObject,
  listOf,
  objectOf,
  type Json,
  type RuleBook,
} from '../stream-grammar/rule-book.js';

/** Would the API take this body? Rules of OpenAI's `CreateChatCompletionRequest`, as far as they can be checked. */
export function checkChatRequest(body: Json, book: RuleBook): void {
  const { model, messages } = body;
  book.holds(typeof model === 'string' && model !== '', 'model is a string');
  book.holds(Array.isArray(messages) && messages.length > 0, 'messages is not empty');
  const list = listOf(messages);
  for (const message of list) checkMessage(message, book);
  checkResults(list, book);
  checkTools(body, book);
  checkLimits(body, book);
  const { response_format: format } = body;
  if (format === undefined) return;
  const { type, json_schema: schema } = objectOf(format);
  book.holds(
    type === 'json_object' ||
      type === 'text' ||
      (type === 'json_schema' &&
        /^[a-zA-Z0-9_-]{1,64}$/.test(String(objectOf(schema)['name'])) &&
        isJsonObject(JSON.stringify(objectOf(schema)['schema']))),
    'response_format is one of the three, a schema with its name',
  );
}

const roles = ['system', 'developer', 'user', 'assistant', 'tool'];

function checkMessage(message: Json, book: RuleBook): void {
  const { role, content } = message;
  book.holds(roles.includes(String(role)), `role is not ${String(role)}`);
  const calls = message['tool_calls'];
  const mayBeNull = role === 'assistant' && (Array.isArray(calls) || 'refusal' in message);
  book.holds(
    typeof content === 'string' ||
      (Array.isArray(content) && content.length > 0) ||
      ((content === null || content === undefined) && mayBeNull),
    `content of ${String(role)} is text or parts`,
  );
  for (const part of listOf(content)) checkPart(part, String(role), book);
  book.holds(
    role !== 'tool' || typeof message['tool_call_id'] === 'string',
    'a result names its call',
  );
  book.holds(calls === undefined || role === 'assistant', 'only the assistant calls');
  book.holds(!Array.isArray(calls) || calls.length > 0, 'tool_calls is not empty');
  for (const call of listOf(calls)) {
    const target = objectOf(call['function']);
    book.holds(
      typeof call['id'] === 'string' && call['type'] === 'function',
      'a call has id and type',
    );
    book.holds(
      typeof target['name'] === 'string' && typeof target['arguments'] === 'string',
      'a call has name and arguments as text',
    );
  }
}

function checkPart(part: Json, role: string, book: RuleBook): void {
  const { type } = part;
  const allowed =
    role === 'user'
      ? ['text', 'image_url', 'input_audio', 'file']
      : role === 'assistant'
        ? ['text', 'refusal']
        : ['text'];
  book.holds(allowed.includes(String(type)), `no ${String(type)} part for ${role}`);
  if (type === 'text') book.holds(typeof part['text'] === 'string', 'a text part has text');
  if (type === 'image_url')
    book.holds(
      /^(https?:\/\/|data:image\/[\w.+-]+;base64,)/i.test(
        String(objectOf(part['image_url'])['url']),
      ),
      'an image is a URL or a data: URI',
    );
  if (type === 'input_audio')
    book.holds(
      ['wav', 'mp3'].includes(String(objectOf(part['input_audio'])['format'])),
      'audio is wav or mp3',
    );
  if (type !== 'file') return;
  const { file_data: data, file_id: id } = objectOf(part['file']);
  book.holds(
    typeof id === 'string' || String(data).startsWith('data:'),
    'a file has data or an id',
  );
}

/** The results of a turn's calls follow it directly, all of them. */
function checkResults(messages: readonly Json[], book: RuleBook): void {
  let open = new Set<unknown>();
  for (const message of messages) {
    if (message['role'] === 'tool') {
      book.holds(
        open.delete(message['tool_call_id']),
        'a result answers a call of the turn before',
      );
      continue;
    }
    book.holds(open.size === 0, 'every call is answered before the next message');
    open = new Set(listOf(message['tool_calls']).map((call) => call['id']));
  }
}

function checkTools(body: Json, book: RuleBook): void {
  const { tools, tool_choice: choice } = body;
  book.holds(
    tools === undefined || (Array.isArray(tools) && tools.length > 0),
    'tools is not empty',
  );
  const names = listOf(tools).map((tool) => objectOf(tool['function'])['name']);
  for (const tool of listOf(tools)) {
    if (tool['type'] !== 'function') continue;
    const target = objectOf(tool['function']);
    book.holds(
      /^[a-zA-Z0-9_-]{1,64}$/.test(String(target['name'])),
      'a tool name is plain and short',
    );
    const { parameters } = target;
    book.holds(
      parameters === undefined || isJsonObject(JSON.stringify(parameters)),
      'parameters are a schema',
    );
  }
  book.holds(new Set(names).size === names.length, 'tool names are unique');
  if (choice === undefined) return;
  book.holds(names.length > 0 || choice === 'none', 'tool_choice comes with tools');
  if (typeof choice === 'string') {
    book.holds(['none', 'auto', 'required'].includes(choice), `tool_choice is not ${choice}`);
    return;
  }
  const { type, function: target } = objectOf(choice);
  book.holds(
    type === 'allowed_tools' || (type === 'function' && names.includes(objectOf(target)['name'])),
    'tool_choice names a tool',
  );
}

function checkLimits(body: Json, book: RuleBook): void {
  for (const name of ['max_tokens', 'max_completion_tokens']) {
    const value = body[name];
    book.holds(value === undefined || (isCount(value) && value > 0), `${name} is above 0`);
  }
  book.holds(
    body['stream_options'] === undefined || body['stream'] === true,
    'stream_options come with stream',
  );
  const { stop } = body;
  book.holds(
    stop === undefined ||
      typeof stop === 'string' ||
      (Array.isArray(stop) && stop.every((text) => typeof text === 'string')),
    'stop is a string or strings',
  );
}
