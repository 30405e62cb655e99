#!/usr/bin/env node
/**
 * A scripted stand-in for a model server: behaves like llama-server by default and misbehaves on demand.
 *
 *   node fake-engine.mjs --port 0 --alias NAME --behaviour '{"loadMs":200}'
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
 *   journal           path of a file that gets one line per start and per prompt
 *   reply             text of every completion
 */
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { port: { type: 'string' }, alias: { type: 'string' }, behaviour: { type: 'string' } },
});
const behaviour = JSON.parse(values.behaviour ?? '{}');
const alias = behaviour.serveAs ?? values.alias ?? 'fake';
let isReady = false;

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

function complete(request, response) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    note(`prompt ${process.pid}`);
    const words = (behaviour.reply ?? 'Hello from the fake engine.').split(/(?<= )/);
    const { stream } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
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
  });
}

function answer(request, response) {
  if (!isReady) {
    const error = { message: 'Loading model', type: 'unavailable_error', code: 503 };
    return sendJson(response, 503, { error });
  }
  if (request.url === '/health') return sendJson(response, 200, { status: 'ok' });
  if (request.url === '/v1/models') {
    const data = [{ id: alias, object: 'model', created: 1, owned_by: 'fake' }];
    return sendJson(response, 200, { object: 'list', data });
  }
  if (request.method === 'POST' && request.url === '/v1/chat/completions') {
    return complete(request, response);
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
  server.listen(Number(values.port ?? 0), '127.0.0.1', () => {
    if (behaviour.announce) {
      console.log(`spillway-embedded listening on http://127.0.0.1:${server.address().port}`);
    }
    setTimeout(becomeReady, behaviour.loadMs ?? 0);
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
await misbehave();
if (behaviour.exitAtOnce !== undefined) process.exit(behaviour.exitAtOnce);
if (behaviour.lateBindMs) setTimeout(listen, behaviour.lateBindMs);
else listen();
