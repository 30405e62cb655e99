/**
 * Request bodies of an exact size. `model`, `stream` and `stream_options` come first, as the official clients write
 * them; the size is made up in the last message.
 *
 * @typedef {object} BodyShape
 * @property {'chat' | 'agent' | 'image'} kind
 * @property {number} bytes
 */

/** @typedef {'openai-chat' | 'anthropic-messages'} Protocol */

const PROSE =
  'Explain in plain words why the tide comes twice a day and what the moon has to do with it. ';
const SYSTEM = 'You are a careful assistant. Answer briefly and say when you are not sure.';

/** @param {{ protocol: Protocol, model: string, isStream: boolean, shape: BodyShape }} wanted @returns {Buffer} */
export function requestBody(wanted) {
  const { bytes } = wanted.shape;
  const missing = bytes - Buffer.byteLength(JSON.stringify(draft(wanted, '')));
  if (missing < 0)
    throw new Error(`a body of kind ${wanted.shape.kind} needs more than ${bytes} bytes`);
  return Buffer.from(JSON.stringify(draft(wanted, filler(wanted.shape.kind, missing))));
}

/** @param {BodyShape['kind']} kind @param {number} length */
function filler(kind, length) {
  const unit = kind === 'image' ? 'iVBORw0KGgoAAAANSUhEUgAABAAAAAQACAYAAAB' : PROSE;
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
}

/** @param {Parameters<typeof requestBody>[0]} wanted @param {string} text */
function draft(wanted, text) {
  const isAnthropic = wanted.protocol === 'anthropic-messages';
  const turns = conversation(wanted.shape, isAnthropic, text);
  const head = { model: wanted.model, ...(wanted.isStream ? { stream: true } : {}) };
  const tools = wanted.shape.kind === 'agent' ? { tools: agentTools(isAnthropic) } : {};
  if (isAnthropic)
    return {
      ...head,
      max_tokens: 512,
      temperature: 0.7,
      system: SYSTEM,
      messages: turns,
      ...tools,
    };
  return {
    ...head,
    ...(wanted.isStream ? { stream_options: { include_usage: true } } : {}),
    max_tokens: 512,
    temperature: 0.7,
    messages: [{ role: 'system', content: SYSTEM }, ...turns],
    ...tools,
  };
}

/** @param {BodyShape} shape @param {boolean} isAnthropic @param {string} text */
function conversation(shape, isAnthropic, text) {
  if (shape.kind === 'chat') return [{ role: 'user', content: text }];
  if (shape.kind === 'image') {
    const image = isAnthropic
      ? { type: 'image', source: { type: 'base64', media_type: 'image/png', data: text } }
      : { type: 'image_url', image_url: { url: `data:image/png;base64,${text}` } };
    return [{ role: 'user', content: [{ type: 'text', text: 'What is in the picture?' }, image] }];
  }
  // An agent's long session: short questions, long answers with code and escaped quotes and line breaks.
  const turns = Array.from({ length: 118 }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: `Step ${index}: const line = "a \\"quoted\\" word";\n${PROSE.repeat(index % 2 === 0 ? 4 : 18)}\n`,
  }));
  return [...turns, { role: 'user', content: text }];
}

/** @param {boolean} isAnthropic */
function agentTools(isAnthropic) {
  return Array.from({ length: 30 }, (_, index) => {
    const schema = {
      type: 'object',
      properties: {
        path: { type: 'string', description: 'File to work on, relative to the project.' },
        lines: { type: 'array', items: { type: 'integer' }, description: 'Lines to look at.' },
        reason: { type: 'string', description: 'Why the tool is called.' },
      },
      required: ['path'],
    };
    const name = `tool_${index}`;
    const description = `Tool number ${index}. ${PROSE}`;
    return isAnthropic
      ? { name, description, input_schema: schema }
      : { type: 'function', function: { name, description, parameters: schema } };
  });
}

/**
 * @param {{ path: string, headers: Record<string, string>, body: Buffer }} request
 * @returns {Buffer} head and body in one piece, written as they are for each request
 */
export function httpRequest({ path, headers, body }) {
  const lines = Object.entries({
    host: '127.0.0.1',
    'content-type': 'application/json',
    'content-length': String(body.length),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), body]);
}
