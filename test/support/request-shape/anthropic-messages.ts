import {
  isCount,
  isJsonObject,
  listOf,
  objectOf,
  type Json,
  type RuleBook,
} from '../stream-grammar/rule-book.js';

const imageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** Would the API take this body? Rules of https://docs.anthropic.com/en/api/messages, as far as they can be checked. */
export function checkMessagesRequest(body: Json, book: RuleBook): void {
  const { model, max_tokens: limit, messages } = body;
  book.holds(typeof model === 'string' && model !== '', 'model is a string');
  book.holds(isCount(limit), 'max_tokens is an integer');
  book.holds(Array.isArray(messages) && messages.length > 0, 'messages is not empty');
  checkSystem(body['system'], book);
  const turns = listOf(messages);
  for (const [at, turn] of turns.entries()) checkTurn(turn, turns[at - 1], book);
  checkResults(turns, book);
  checkTools(body, book);
  const temperature = body['temperature'];
  book.holds(
    temperature === undefined ||
      (typeof temperature === 'number' && temperature >= 0 && temperature <= 1),
    'temperature is 0 to 1',
  );
  const stops = body['stop_sequences'];
  book.holds(
    stops === undefined ||
      (Array.isArray(stops) && stops.every((stop) => typeof stop === 'string' && /\S/.test(stop))),
    'stop_sequences are strings with more than white space',
  );
  checkThinking(body, book);
  const format = objectOf(body['output_config'])['format'];
  if (format !== undefined)
    book.holds(
      objectOf(format)['type'] === 'json_schema' &&
        isJsonObject(JSON.stringify(objectOf(format)['schema'])),
      'output_config.format is a json_schema',
    );
  book.holds(
    ['auto', 'standard_only', undefined].includes(body['service_tier'] as string | undefined),
    'service_tier is auto or standard_only',
  );
}

function checkSystem(system: unknown, book: RuleBook): void {
  if (system === undefined || typeof system === 'string') return;
  book.holds(Array.isArray(system), 'system is a string or a list');
  for (const block of listOf(system)) {
    const { type, text } = block;
    book.holds(
      type === 'text' && typeof text === 'string' && text !== '',
      'system holds texts that are not empty',
    );
  }
}

function blocksOf(turn: Json): readonly Json[] {
  return listOf(turn['content']);
}

function checkTurn(turn: Json, before: Json | undefined, book: RuleBook): void {
  const { role, content } = turn;
  book.holds(
    role === 'user' || role === 'assistant' || role === 'system',
    `role is not ${String(role)}`,
  );
  book.holds(before?.['role'] !== role, 'turns alternate');
  book.holds(
    (typeof content === 'string' && content !== '') ||
      (Array.isArray(content) && content.length > 0),
    'content is not empty',
  );
  const allowed =
    role === 'assistant'
      ? /^(text|tool_use|thinking|redacted_thinking|server_tool_use|\w+_tool_result|mcp_\w+|container_upload|compaction)$/
      : /^(text|image|document|tool_result|search_result|container_upload)$/;
  for (const block of blocksOf(turn)) {
    book.holds(
      allowed.test(String(block['type'])),
      `no ${String(block['type'])} block in the turn of ${String(role)}`,
    );
    checkBlock(block, book);
  }
  const kinds = blocksOf(turn).map((block) => block['type']);
  const lastResult = kinds.lastIndexOf('tool_result');
  book.holds(
    kinds.slice(0, lastResult + 1).every((kind) => kind === 'tool_result'),
    'tool results stand first in their turn',
  );
}

function checkBlock(block: Json, book: RuleBook): void {
  switch (block['type']) {
    case 'text':
      book.holds(
        typeof block['text'] === 'string' && /\S/.test(block['text']),
        'no empty or blank text block',
      );
      return;
    case 'image':
    case 'document':
      checkSource(String(block['type']), objectOf(block['source']), book);
      return;
    case 'tool_use':
      book.holds(/^[a-zA-Z0-9_-]+$/.test(String(block['id'])), 'A12 tool ids are plain');
      book.holds(
        /^[a-zA-Z0-9_-]{1,128}$/.test(String(block['name'])),
        'a tool name is plain and short',
      );
      book.holds(isJsonObject(JSON.stringify(block['input'])), 'tool input is an object');
      return;
    case 'tool_result': {
      const { content } = block;
      book.holds(
        content === undefined || typeof content === 'string' || Array.isArray(content),
        'a tool result is text or blocks',
      );
      for (const inner of listOf(content)) checkBlock(inner, book);
      return;
    }
    case 'thinking':
      book.holds(
        typeof block['signature'] === 'string' && typeof block['thinking'] === 'string',
        'thinking is signed',
      );
  }
}

function checkSource(kind: string, source: Json, book: RuleBook): void {
  const { type } = source;
  if (type === 'base64') {
    const types = kind === 'image' ? imageTypes : ['application/pdf'];
    book.holds(
      types.includes(String(source['media_type'])) && typeof source['data'] === 'string',
      `a ${kind} of a type that is taken`,
    );
    return;
  }
  book.holds(
    typeof source['url'] === 'string' ||
      typeof source['file_id'] === 'string' ||
      typeof source['data'] === 'string' ||
      source['content'] !== undefined,
    `a ${kind} has a source`,
  );
}

/** Every call is answered in the very next turn, and every result answers a call of the turn before. */
function checkResults(turns: readonly Json[], book: RuleBook): void {
  for (const [at, turn] of turns.entries()) {
    const calls = blocksOf(turn).filter((block) => block['type'] === 'tool_use');
    const next = turns[at + 1];
    const answered = next === undefined ? null : resultIds(next);
    if (answered !== null)
      for (const call of calls)
        book.holds(answered.includes(call['id']), 'every tool_use is answered in the next turn');
    const before = turns[at - 1];
    const asked = before === undefined ? [] : blocksOf(before).map((block) => block['id']);
    for (const id of resultIds(turn))
      book.holds(asked.includes(id), 'a tool_result answers a tool_use of the turn before');
  }
}

function resultIds(turn: Json): unknown[] {
  return blocksOf(turn)
    .filter((block) => block['type'] === 'tool_result')
    .map((block) => block['tool_use_id']);
}

function checkTools(body: Json, book: RuleBook): void {
  const tools = listOf(body['tools']);
  const own = tools.filter(({ type }) => type === undefined || type === 'custom');
  for (const tool of own) {
    book.holds(
      /^[a-zA-Z0-9_-]{1,128}$/.test(String(tool['name'])),
      'a tool name is plain and short',
    );
    book.holds(
      objectOf(tool['input_schema'])['type'] === 'object',
      'input_schema has an object as its root',
    );
  }
  const names = tools.map((tool) => tool['name']);
  book.holds(new Set(names).size === names.length, 'tool names are unique');
  const choice = body['tool_choice'];
  if (choice === undefined) return;
  const { type, name } = objectOf(choice);
  book.holds(['auto', 'any', 'tool', 'none'].includes(String(type)), 'tool_choice has a type');
  book.holds(tools.length > 0, 'tool_choice comes with tools');
  book.holds(type !== 'tool' || names.includes(name), 'tool_choice names a tool');
}

function checkThinking(body: Json, book: RuleBook): void {
  const thinking = objectOf(body['thinking']);
  if (thinking['type'] !== 'enabled') return;
  const budget = Number(thinking['budget_tokens']);
  book.holds(
    budget >= 1024 && budget < Number(body['max_tokens']),
    'the thinking budget is at least 1024 and below max_tokens',
  );
  const choice = String(objectOf(body['tool_choice'])['type']);
  book.holds(!['any', 'tool'].includes(choice), 'no forced tool together with thinking');
  book.holds(body['temperature'] === undefined, 'no temperature together with thinking');
}
