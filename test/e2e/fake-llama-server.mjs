/**
 * Stands in for llama.cpp's server: takes its flags, serves its three paths, and streams slowly enough to be
 * interrupted. `<model file>.json` tells it how to behave, `<model file>.journal` gets a line per start and prompt:
 *   loadMs       answers 503 for so long
 *   wordMs       pause between two words
 *   words        how many words it says (default 5)
 *   firstMs      pause before the first word
 *   exitOnPrompt ends on its first so many prompts, before it answers
 *   exitAtOnce   prints this as its last line and ends with code 1
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const flags = process.argv.slice(2);
if (flags.includes('--version')) {
  console.error('version: 9999 (fake)');
  process.exit(0);
}
const flag = (name) => flags[flags.indexOf(name) + 1];
const modelFile = flag('-m');
const alias = flag('--alias');
const settingsFile = `${modelFile}.json`;
const settings = existsSync(settingsFile) ? JSON.parse(readFileSync(settingsFile, 'utf8')) : {};
const note = (line) => appendFileSync(`${modelFile}.journal`, `${line}\n`);

note(`start ${process.pid}`);
note(`environment ${JSON.stringify(process.env)}`);
if (settings.exitAtOnce) {
  console.error(settings.exitAtOnce);
  process.exit(1);
}

const host = flag('--host');
const place = host.endsWith('.sock') ? { path: host } : { host, port: Number(flag('--port')) };
let isReady = false;
const words = Array.from({ length: settings.words ?? 5 }, (_, index) => `word${index + 1} `);
const usage = { prompt_tokens: 3, completion_tokens: words.length, total_tokens: words.length + 3 };
const head = { id: 'chatcmpl-local', created: 1_790_000_000, model: alias };
const pause = () => new Promise((resolve) => setTimeout(resolve, settings.wordMs ?? 0));

const sendJson = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

async function stream(response, includeUsage) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (rest) =>
    response.write(
      `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...rest })}\n\n`,
    );
  const choose = (delta, finish) => send({ choices: [{ index: 0, delta, finish_reason: finish }] });
  choose({ role: 'assistant', content: null }, null);
  for (const word of words) {
    await pause();
    if (response.destroyed) return note('left');
    choose({ content: word }, null);
  }
  choose({}, 'stop');
  if (includeUsage) send({ choices: [], usage });
  response.end('data: [DONE]\n\n');
}

async function complete(request, response) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const asked = JSON.parse(Buffer.concat(pieces).toString('utf8'));
  note(`prompt ${process.pid}`);
  const prompts = readFileSync(`${modelFile}.journal`, 'utf8').split('\n');
  if (prompts.filter((line) => line.startsWith('prompt')).length <= (settings.exitOnPrompt ?? 0))
    process.exit(1);
  await new Promise((resolve) => setTimeout(resolve, settings.firstMs ?? 0));
  if (response.destroyed) return note('left');
  if (asked.stream) return stream(response, asked.stream_options?.include_usage === true);
  for (const _ of words) await pause();
  const message = { role: 'assistant', content: words.join('') };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  return sendJson(response, 200, { ...head, object: 'chat.completion', choices, usage });
}

createServer((request, response) => {
  if (!isReady) return sendJson(response, 503, { error: { message: 'Loading model', code: 503 } });
  if (request.url === '/health') return sendJson(response, 200, { status: 'ok' });
  if (request.url === '/v1/models') {
    return sendJson(response, 200, { object: 'list', data: [{ id: alias, object: 'model' }] });
  }
  if (request.url === '/v1/chat/completions') return complete(request, response);
  return sendJson(response, 404, { error: { message: 'Not found', code: 404 } });
}).listen(place, () => {
  setTimeout(() => (isReady = true), settings.loadMs ?? 0);
});
