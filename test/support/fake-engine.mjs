#!/usr/bin/env node
/**
 * A scripted stand-in for a model server: behaves like llama-server by default and misbehaves on demand.
 *
 *   node fake-engine.mjs --port 0 --alias NAME --behaviour '{"loadMs":200}'
 *   node fake-engine.mjs --profile vllm serve /model --served-model-name NAME --port 0
 *
 * A profile (see fake-engine/quirk-profiles.mjs) takes the engine's own launch line and speaks as it does.
 *
 * Behaviour, all optional:
 *   loadMs            answers 503 on /health for so long (binds at once)
 *   lateBindMs        binds only after so long
 *   neverReady        answers 503 for ever
 *   progressMs        prints a progress line that often while loading
 *   print             lines printed on stderr at the start
 *   exitAtOnce        exit code to end with before binding
 *   exitAfterReadyMs  ends with `exitCode` so long after it became ready
 *   exitOnPrompt      ends with `exitCode` in the middle of an answer
 *   exitCode          default 1
 *   ignoreTerm        only KILL ends it
 *   fork              starts a grandchild in the same group and prints `grandchild <pid>`
 *   forkSession       starts a grandchild in a session of its own and prints `escaped <pid>`
 *   floodBytes        writes that much in short lines, then prints `flood done`
 *   endlessLineBytes  writes that much without a line end, then prints `line done`
 *   printEnvironment  prints its environment as one JSON line
 *   serveAs           lists this model id instead of its alias
 *   announce          prints the line the embedded engine prints when it is bound
 *   exitOnStdinEnd    ends when standard input ends
 *   isOld             cannot bind a socket, like a version from before there were any
 *   talkMs            prints a line that often, ready or not
 *   journal           path of a file that gets one line per start and per prompt
 *   reply             text of every completion
 *   workMs            works so long on each completion, or with a profile on each that asks for WORK
 *   goesOn            goes on with it when its client has left
 */
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { answerChat } from './fake-engine/answer-chat.mjs';
import { openTransport } from './fake-engine/chat-transport.mjs';
import { quirkProfiles } from './fake-engine/quirk-profiles.mjs';
import { createWorkload } from './fake-engine/workload.mjs';

const argv = process.argv.slice(2);
const valueOf = (flag) => (argv.includes(flag) ? argv[argv.indexOf(flag) + 1] : undefined);
const profile = quirkProfiles[valueOf('--profile') ?? 'plain'];
const isPlain = profile === quirkProfiles.plain;
if (argv.includes('--version') || argv[0] === 'version') {
  console.log('version: 9999 (fake)');
  process.exit(0);
}
const port = Number(
  (isPlain ? valueOf('--port') : (valueOf(profile.flags.port) ?? process.env.OLLAMA_HOST))
    ?.split(':')
    .at(-1) ?? 0,
);
// llama-server takes a host that ends in .sock for a socket, vLLM has a flag for it
const socketPath = [valueOf('--uds'), valueOf('--host')].find((path) => path?.endsWith('.sock'));
const modelPath = isPlain ? undefined : valueOf(profile.flags.model);
const servedName = valueOf(isPlain ? '--alias' : profile.flags.name);
const behaviour = {
  ...(isPlain ? {} : { loadMs: 150, ...(profile.binds === 'late' ? { lateBindMs: 150 } : {}) }),
  ...(process.env.GGML_FAKE_JOURNAL ? { journal: process.env.GGML_FAKE_JOURNAL } : {}),
  ...JSON.parse(valueOf('--behaviour') ?? '{}'),
};
const listed = profile.listed === 'model-path' ? modelPath : profile.listed;
const alias = behaviour.serveAs ?? listed ?? servedName ?? 'fake';
const goesOn = behaviour.goesOn ?? profile.goesOn;
const workload = createWorkload({ workMs: behaviour.workMs ?? 1500, goesOn, note });
let isReady = false;
let isAsleep = false;

function note(line) {
  if (behaviour.journal) appendFileSync(behaviour.journal, `${line}\n`);
}

function write(text) {
  return new Promise((resolve) => process.stdout.write(text, resolve));
}

function sendJson(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendStream(response, words) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (delta, finish) =>
    response.write(
      `data: ${JSON.stringify({
        id: 'chatcmpl-fake',
        object: 'chat.completion.chunk',
        created: 1,
        model: alias,
        choices: [{ index: 0, delta, finish_reason: finish }],
      })}\n\n`,
    );
  send({ role: 'assistant', content: null }, null);
  for (const word of words) send({ content: word }, null);
  if (behaviour.exitOnPrompt) return setTimeout(() => process.exit(behaviour.exitCode ?? 1), 20);
  send({}, 'stop');
  response.end('data: [DONE]\n\n');
}

function readBody(request, use) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    note(`prompt ${process.pid}`);
    use(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  });
}

function complete(request, response) {
  readBody(request, (asked) => {
    if (behaviour.workMs === undefined) return completeNow(asked, response);
    return workload.start(response, () => completeNow(asked, response));
  });
}

function completeNow({ stream }, response) {
  const words = (behaviour.reply ?? 'Hello from the fake engine.').split(/(?<= )/);
  if (stream) return sendStream(response, words);
  if (behaviour.exitOnPrompt) process.exit(behaviour.exitCode ?? 1);
  const message = { role: 'assistant', content: words.join('') };
  sendJson(response, 200, {
    id: 'chatcmpl-fake',
    object: 'chat.completion',
    created: 1,
    model: alias,
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: words.length, total_tokens: 3 + words.length },
  });
}

/** As the profile's engine: the model name is looked at first, and what it does about a wrong one is its own. */
function completeAsProfile(request, response) {
  const transport = openTransport(response, profile, workload);
  if (profile.isHttp10 && request.headers['content-length'] === undefined) {
    return transport.fail(411, 'Content-Length is required');
  }
  return readBody(request, (asked) => {
    const expected = profile.served ?? alias;
    if (asked.model !== expected && profile.unknown !== 'answered') {
      note(`${profile.unknown} ${asked.model}`);
      return transport.fail(404, `The model ${asked.model} does not exist`);
    }
    return answerChat(asked, alias, profile, transport);
  });
}

function listModels() {
  const tags = argv.includes('--tags') ? { tags: [valueOf('--tags')] } : {};
  return [{ id: alias, object: 'model', created: 1, owned_by: 'fake', ...tags }];
}

function answer(request, response) {
  const isHealth = request.url === profile.healthPath || request.url === '/health';
  if (!isReady && !(isHealth && profile.isHealthBlind)) {
    const error = { message: 'Loading model', type: 'unavailable_error', code: 503 };
    return sendJson(response, 503, { error });
  }
  if (isHealth) return sendJson(response, 200, { ...profile.health, model_loaded: isReady });
  if (request.url === '/v1/models') {
    return sendJson(response, 200, { object: 'list', data: listModels() });
  }
  if (request.url === '/metrics') return response.end(`fake:running ${workload.running}\n`);
  if (profile.sleeps && argv.includes('--enable-sleep-mode')) {
    const order = request.url.split('?')[0];
    if (order === '/sleep' || order === '/wake_up') {
      isAsleep = order === '/sleep';
      note(`${order.slice(1)} ${process.pid}`);
      return sendJson(response, 200, {});
    }
    if (order === '/is_sleeping') return sendJson(response, 200, { is_sleeping: isAsleep });
  }
  if (request.method === 'POST' && request.url === '/v1/chat/completions') {
    return isPlain ? complete(request, response) : completeAsProfile(request, response);
  }
  return sendJson(response, 404, { error: { message: 'Not found', code: 404 } });
}

function becomeReady() {
  if (behaviour.neverReady) return;
  isReady = true;
  if (behaviour.exitAfterReadyMs !== undefined) {
    setTimeout(() => process.exit(behaviour.exitCode ?? 1), behaviour.exitAfterReadyMs);
  }
}

function listen() {
  const server = createServer(answer);
  server.on('error', () => {
    process.stderr.write("couldn't bind HTTP server socket\n");
    process.exit(1);
  });
  const place = socketPath ? { path: socketPath } : { port, host: '127.0.0.1' };
  if (socketPath && behaviour.isOld) return server.emit('error');
  server.listen(place, () => {
    if (behaviour.announce) {
      console.log(`spillway-embedded listening on http://127.0.0.1:${server.address().port}`);
    }
    setTimeout(becomeReady, behaviour.lateBindMs ? 0 : (behaviour.loadMs ?? 0));
  });
}

function startGrandchild(word, detached) {
  const child = spawn('sleep', ['600'], { detached, stdio: ['ignore', 'inherit', 'inherit'] });
  console.log(`${word} ${child.pid}`);
  child.unref();
}

async function misbehave() {
  for (const line of behaviour.print ?? []) process.stderr.write(`${line}\n`);
  if (behaviour.printEnvironment) console.log(`environment ${JSON.stringify(process.env)}`);
  if (behaviour.fork) startGrandchild('grandchild', false);
  if (behaviour.forkSession) startGrandchild('escaped', true);
  if (behaviour.floodBytes) {
    const block = 'flood flood flood flood flood flood\n'.repeat(1000);
    for (let sent = 0; sent < behaviour.floodBytes; sent += block.length) await write(block);
    await write('flood done\n');
  }
  if (behaviour.endlessLineBytes) {
    const block = 'x'.repeat(65_536);
    for (let sent = 0; sent < behaviour.endlessLineBytes; sent += block.length) await write(block);
    await write('\nline done\n');
  }
}

note(`start ${process.pid}`);
if (behaviour.ignoreTerm) process.on('SIGTERM', () => console.log('TERM ignored'));
if (behaviour.exitOnStdinEnd) process.stdin.on('end', () => process.exit(0)).resume();
if (behaviour.progressMs)
  setInterval(() => process.stdout.write('loading\r'), behaviour.progressMs);
if (behaviour.talkMs) {
  let said = 0;
  setInterval(() => console.log(`line ${++said}`), behaviour.talkMs);
}
await misbehave();
if (behaviour.exitAtOnce !== undefined) process.exit(behaviour.exitAtOnce);
if (behaviour.lateBindMs) setTimeout(listen, behaviour.lateBindMs);
else listen();
