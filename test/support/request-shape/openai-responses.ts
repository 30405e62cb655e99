import {
  isCount,
  isJsonObject,
  listOf,
  objectOf,
  type Json,
  type RuleBook,
} from '../stream-grammar/rule-book.js';

/** Would the API take this body? Rules of OpenAI's `CreateResponse`, as far as they can be checked. */
export function checkResponsesRequest(body: Json, book: RuleBook): void {
  const { model, input, max_output_tokens: limit } = body;
  book.holds(typeof model === 'string' && model !== '', 'model is a string');
  book.holds(
    (typeof input === 'string' && input !== '') || (Array.isArray(input) && input.length > 0),
    'input is not empty',
  );
  for (const item of listOf(input)) checkItem(item, book);
  checkOutputs(listOf(input), book);
  book.holds(
    limit === undefined || (isCount(limit) && limit >= 16),
    'max_output_tokens is 16 or more',
  );
  for (const name of [
    'stop',
    'messages',
    'max_tokens',
    'seed',
    'n',
    'response_format',
    'stream_options',
  ])
    book.holds(name === 'stream_options' || body[name] === undefined, `${name} is no field`);
  checkTools(body, book);
  const format = objectOf(body['text'])['format'];
  if (format === undefined) return;
  const { type, name, schema } = objectOf(format);
  book.holds(
    type === 'text' ||
      type === 'json_object' ||
      (type === 'json_schema' &&
        /^[a-zA-Z0-9_-]{1,64}$/.test(String(name)) &&
        isJsonObject(JSON.stringify(schema))),
    'text.format is one of the three, a schema with its name',
  );
}

const partsByRole: Readonly<Record<string, readonly string[]>> = {
  user: ['input_text', 'input_image', 'input_file'],
  system: ['input_text'],
  developer: ['input_text'],
  assistant: ['output_text', 'refusal'],
};

function checkItem(item: Json, book: RuleBook): void {
  switch (item['type'] ?? 'message') {
    case 'message': {
      const { role, content } = item;
      const allowed = partsByRole[String(role)];
      book.holds(allowed !== undefined, `role is not ${String(role)}`);
      book.holds(
        typeof content === 'string' || (Array.isArray(content) && content.length > 0),
        'content is text or parts',
      );
      for (const part of listOf(content)) checkPart(part, allowed ?? [], book);
      return;
    }
    case 'function_call':
      book.holds(
        ['call_id', 'name', 'arguments'].every((name) => typeof item[name] === 'string'),
        'a call has call_id, name and arguments as text',
      );
      return;
    case 'function_call_output':
    case 'custom_tool_call_output':
      book.holds(
        typeof item['call_id'] === 'string' &&
          (typeof item['output'] === 'string' || Array.isArray(item['output'])),
        'an output has call_id and text or parts',
      );
      return;
    case 'custom_tool_call':
      book.holds(
        ['call_id', 'name', 'input'].every((name) => typeof item[name] === 'string'),
        'a custom call has call_id, name and input',
      );
      return;
    case 'reasoning':
      book.holds(Array.isArray(item['summary']), 'reasoning has a summary list');
  }
}

function checkPart(part: Json, allowed: readonly string[], book: RuleBook): void {
  const type = String(part['type']);
  book.holds(allowed.includes(type), `${type} is not among ${allowed.join(', ')}`);
  if (type === 'input_text' || type === 'output_text')
    book.holds(typeof part['text'] === 'string', 'a text part has text');
  if (type === 'input_image')
    book.holds(
      typeof part['file_id'] === 'string' ||
        /^(https?:\/\/|data:image\/)/i.test(String(part['image_url'])),
      'an image is a URL, a data: URI or an id',
    );
  if (type === 'input_file')
    book.holds(
      ['file_id', 'file_url', 'file_data'].some((name) => typeof part[name] === 'string'),
      'a file has data, a URL or an id',
    );
}

/** Each output answers an earlier call; each call has its output, unless it is the last thing said. */
function checkOutputs(items: readonly Json[], book: RuleBook): void {
  const calls = new Set<unknown>();
  const answered = new Set<unknown>();
  for (const item of items) {
    const type = String(item['type'] ?? 'message');
    if (type === 'function_call' || type === 'custom_tool_call') {
      book.holds(!calls.has(item['call_id']), 'call ids are unique');
      calls.add(item['call_id']);
    }
    if (!type.endsWith('call_output')) continue;
    book.holds(calls.has(item['call_id']), 'an output answers an earlier call');
    answered.add(item['call_id']);
  }
  const lastType = String(items.at(-1)?.['type'] ?? 'message');
  book.holds(
    lastType.endsWith('_call') || [...calls].every((id) => answered.has(id)),
    'every call has its output',
  );
}

function checkTools(body: Json, book: RuleBook): void {
  const { tools, tool_choice: choice } = body;
  book.holds(tools === undefined || Array.isArray(tools), 'tools is a list');
  const names = listOf(tools).map((tool) => tool['name']);
  for (const tool of listOf(tools)) {
    if (tool['type'] !== 'function') continue;
    book.holds(
      /^[a-zA-Z0-9_-]{1,64}$/.test(String(tool['name'])),
      'a tool name is plain and short',
    );
    book.holds(typeof tool['strict'] === 'boolean', 'strict is said, since its default is true');
    book.holds(
      tool['parameters'] === null || isJsonObject(JSON.stringify(tool['parameters'])),
      'parameters are a schema or null',
    );
  }
  if (typeof choice === 'string')
    book.holds(['none', 'auto', 'required'].includes(choice), `tool_choice is not ${choice}`);
  else if (choice !== undefined && objectOf(choice)['type'] === 'function')
    book.holds(names.includes(objectOf(choice)['name']), 'tool_choice names a tool');
}
