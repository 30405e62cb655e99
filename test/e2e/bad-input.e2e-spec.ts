import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../libs/translation/src/errors/error-codes.js';
import type { UpstreamProtocol } from '../support/fake-upstream/upstream-log.js';
import { expectError } from './error-shape.js';
import { sendRaw } from './raw-request.js';
import { inferencePath, protocols, TestBed } from './test-bed.js';

let bed: TestBed;
let model: string;
beforeAll(async () => {
  bed = await TestBed.open();
  model = await bed.route('openai-chat', 'say-hello');
});
afterAll(() => bed.close());
afterEach(async () => {
  const alive = await bed.ask('openai-chat', model);
  expect(alive.status).toBe(200);
  await alive.text();
});

/** Those that name the model in the body. */
const namingProtocols = protocols.filter((protocol) => protocol !== 'gemini-generate');
const pathOf = (protocol: UpstreamProtocol): string => inferencePath(protocol, model, false);
const post = (
  protocol: UpstreamProtocol,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(bed.gateway.origin + pathOf(protocol), {
    method: 'POST',
    headers: { authorization: `Bearer ${bed.key}`, 'content-type': 'application/json', ...headers },
    body,
  });

const good = '"messages":[{"role":"user","content":"Hi"}],"input":"Hi","max_tokens":5';
const depth = 200_000;
const bodies: readonly (readonly [string, ErrorCode, string])[] = [
  ['nothing', 'invalid_request', ''],
  ['white space', 'invalid_request', ' \n '],
  ['text that is not JSON', 'invalid_request', 'Hello?'],
  ['JSON that breaks off', 'invalid_request', '{"model":"x","messages":[{"role"'],
  ['a trailing comma', 'invalid_request', `{"model":"x",${good},}`],
  ['two values', 'invalid_request', `{"model":"x",${good}}{}`],
  ['a list', 'invalid_request', `[{"model":"x",${good}}]`],
  ['null', 'invalid_request', 'null'],
  ['a number', 'invalid_request', '42'],
  ['no model', 'invalid_request', `{${good}}`],
  ['a model that is a number', 'invalid_request', `{"model":5,${good}}`],
  ['an empty model', 'invalid_request', `{"model":"",${good}}`],
  ['a stream flag that is a word', 'invalid_request', `{"model":"x","stream":"yes",${good}}`],
  ['an unknown model', 'model_not_found', `{"model":"no-such-model",${good}}`],
  ['a model name of 1 MB', 'model_not_found', `{"model":"${'m'.repeat(1_000_000)}",${good}}`],
  ['a name of the language', 'model_not_found', `{"model":"__proto__",${good}}`],
  ['lists in lists without end', 'invalid_request', `{"model":"x","messages":${'['.repeat(depth)}`],
];

describe.each(namingProtocols)('bad input to a gateway that is spoken to in %s', (protocol) => {
  it.each(bodies)('is refused by name: %s', async (_name, code, body) => {
    await expectError(protocol, await post(protocol, body), code);
  });

  it.each(['"Hi"', '5', 'null', '[5]', '[{"role":5,"content":"Hi"}]', '[{"content":"Hi"}]'])(
    'is refused before another protocol is spoken: messages %s',
    async (messages) => {
      const translated = await bed.route('gemini-generate', 'say-hello');
      const field = protocol === 'openai-responses' ? 'input' : 'messages';
      if (field === 'input' && messages === '"Hi"') return;
      const body = `{"model":"${translated}","max_tokens":5,"${field}":${messages}}`;
      const message = await expectError(protocol, await post(protocol, body), 'invalid_request');
      expect(message).toContain(field);
    },
  );

  it('is refused when it is deep but whole', async () => {
    const nested = '['.repeat(depth) + ']'.repeat(depth);
    const response = await post(protocol, `{"model":"${model}","messages":${nested}}`);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    await response.text();
  });

  it('is refused when it is no text', async () => {
    const bytes = Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);
    await expectError(protocol, await post(protocol, bytes), 'invalid_request');
  });

  it.each([
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'application/json\t;x',
  ])('is refused as %s unless that is JSON', async (type) => {
    const response = await post(protocol, `{"model":"${model}",${good}}`, { 'content-type': type });
    if (type.startsWith('application/json')) expect(response.status).toBeLessThan(500);
    else await expectError(protocol, response, 'unsupported_media_type');
  });

  it('is refused when it is compressed', async () => {
    const response = await post(protocol, '{}', { 'content-encoding': 'gzip' });
    await expectError(protocol, response, 'unsupported_media_type');
  });

  it('is refused when it says that it is larger than 32 MiB', async () => {
    const headers = {
      authorization: `Bearer ${bed.key}`,
      'content-type': 'application/json',
      'content-length': String(33 * 1024 * 1024),
    };
    const request = { path: pathOf(protocol), headers, pieces: ['{"model":"x"'] };
    await expectError(protocol, await sendRaw(bed.gateway.origin, request), 'request_too_large');
  });

  it('is refused when it turns out to be larger than 32 MiB', async () => {
    const headers = { authorization: `Bearer ${bed.key}`, 'content-type': 'application/json' };
    const pieces = Array.from({ length: 33 * 16 }, () => Buffer.alloc(64 * 1024, 0x20));
    const request = { path: pathOf(protocol), headers, pieces };
    await expectError(protocol, await sendRaw(bed.gateway.origin, request), 'request_too_large');
  });

  it.each([
    ['', {}],
    ['', { 'content-length': '1' }],
    ['/count_tokens', {}],
    ['/count_tokens', { 'content-length': '1' }],
  ])('keeps its connection when its body was read: %s %j', async (end, length) => {
    if (end !== '' && protocol !== 'anthropic-messages') return;
    const headers = {
      authorization: `Bearer ${bed.key}`,
      'content-type': 'application/json',
      connection: 'keep-alive',
      ...length,
    };
    const request = { path: pathOf(protocol) + end, headers, pieces: ['{'] };
    const response = await sendRaw(bed.gateway.origin, request);
    expect(response.headers.get('connection')).toBe('keep-alive');
    await expectError(protocol, response, 'invalid_request');
    const unread = { ...request, headers: { ...headers, authorization: 'Bearer nobody' } };
    const refused = await sendRaw(bed.gateway.origin, unread);
    expect(refused.headers.get('connection')).toBe('close');
  });

  it('is refused on a path that does not exist', async () => {
    const response = await fetch(`${bed.gateway.origin}${pathOf(protocol)}/nowhere`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bed.key}`, 'content-type': 'application/json' },
      body: '{}',
    });
    await expectError(protocol, response, 'not_found');
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])('is refused with the method %s', async (method) => {
    const response = await fetch(bed.gateway.origin + pathOf(protocol), {
      method,
      headers: { authorization: `Bearer ${bed.key}` },
    });
    expect([404, 405]).toContain(response.status);
    await expectError(
      protocol,
      response,
      response.status === 404 ? 'not_found' : 'method_not_allowed',
    );
  });

  it('never makes the gateway fail, whatever JSON it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.constantFrom('messages', 'input', 'stream', 'tools', 'max_tokens', 'system', 'stop'),
          fc.jsonValue(),
        ),
        async (fields) => {
          const response = await post(
            protocol,
            JSON.stringify({ ...fields, model: 'no-such-model' }),
          );
          expect(response.status).toBeGreaterThanOrEqual(400);
          expect(response.status).toBeLessThan(500);
          await response.text();
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('bad input to the management API', () => {
  it.each([
    [
      'unknown fields',
      '/providers',
      { name: 'x', protocol: 'openai-chat', baseUrl: 'https://x.example/v1', command: 'rm' },
    ],
    [
      'a wrong type',
      '/providers',
      { name: 5, protocol: 'openai-chat', baseUrl: 'https://x.example/v1' },
    ],
    [
      'an address of a private network',
      '/providers',
      {
        name: 'meta',
        protocol: 'openai-chat',
        baseUrl: 'http://169.254.169.254/v1',
        allowPrivateNetwork: false,
      },
    ],
    ['a route without targets', '/model-routes', { name: 'empty', targets: [] }],
    ['a negative budget', '/virtual-keys', { name: 'negative', budgetNanos: -1 }],
    [
      'an unknown engine',
      '/local-models',
      { name: 'odd', engine: '/bin/sh', modelPath: '/etc/passwd' },
    ],
  ])('is refused with the fault named: %s', async (_name, path, body) => {
    const answer = await bed.admin.send('POST', path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.message.length).toBeGreaterThan(10);
  });

  it.each([
    'filter={"nope":1}',
    'filter=[',
    'sort=["nope","ASC"]',
    'range=[0,1000000]',
    'range=[5,1]',
  ])('is refused in a list: %s', async (query) => {
    expect((await bed.admin.send('GET', `/request-logs?${query}`)).status).toBe(400);
  });

  it('is refused when the body is not JSON', async () => {
    const headers = { authorization: `Bearer ${bed.admin.token}`, 'content-type': 'text/plain' };
    const url = `${bed.gateway.origin}/api/providers`;
    expect((await fetch(url, { method: 'POST', headers, body: '{}' })).status).toBe(415);
  });

  it.each([
    ['another host name', { host: 'evil.example' }],
    ['another origin', { origin: 'https://evil.example' }],
  ])('is refused from %s', async (_name, extra) => {
    const headers = {
      authorization: `Bearer ${bed.admin.token}`,
      'content-type': 'application/json',
      host: new URL(bed.gateway.origin).host,
      ...extra,
    };
    const response = await sendRaw(bed.gateway.origin, {
      path: '/api/providers',
      headers,
      pieces: ['{}'],
    });
    expect(response.status).toBe(403);
  });
});
