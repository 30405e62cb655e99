import fc from 'fast-check';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCodes } from '../../libs/translation/src/errors/error-codes.js';
import { inferencePath, protocols, TestBed } from './test-bed.js';

let bed: TestBed;
let model: string;
beforeAll(async () => {
  bed = await TestBed.open();
  model = await bed.route('openai-chat', 'say-hello');
});
afterAll(() => bed.close());

interface Answer {
  readonly status: number;
  readonly body: string;
}

const answerLimitMs = 5_000;

/** Writes bytes, and more once an answer has begun; reads until the gateway closes. @throws when it does neither in time */
function exchange(sent: string | Buffer, afterwards?: string): Promise<Answer> {
  const { hostname, port } = new URL(bed.gateway.origin);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(sent));
    socket.setTimeout(answerLimitMs, () => {
      socket.destroy();
      reject(new Error(`no end of an answer to ${sent.toString().slice(0, 300)}\n${text}`));
    });
    socket.setEncoding('utf8').on('data', (piece: string) => {
      if (text === '' && afterwards !== undefined) socket.write(afterwards);
      text += piece;
    });
    socket.once('error', reject);
    socket.once('close', () => {
      const [head = '', ...rest] = text.split('\r\n\r\n');
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
      resolve({ status, body: rest.join('\r\n\r\n') });
    });
  });
}

function requestText(method: string, target: string, body = '', headers: string[] = []): string {
  const head = [
    `${method} ${target} HTTP/1.1`,
    `host: ${new URL(bed.gateway.origin).host}`,
    `authorization: Bearer ${bed.key}`,
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

const messageOf = ({ body }: Answer): string => {
  const { error } = JSON.parse(body) as {
    error: { message: string; code?: unknown; type?: unknown };
  };
  // Anthropic's errors have a type alone
  expect(error.code ?? error.type).toEqual(expect.anything());
  return error.message;
};

const bodyOf = (name: string): string =>
  JSON.stringify({
    model: name,
    max_tokens: 20,
    messages: [{ role: 'user', content: 'Hello?' }],
  });

describe('an address in another spelling', () => {
  it.each([
    ['as for a proxy', (path: string) => bed.gateway.origin + path],
    ['with escapes', (path: string) => path.replace('c', '%63').replace('m', '%6D')],
  ])('is served by the same protocol: %s', async (_name, spell) => {
    const answer = await exchange(
      requestText('POST', spell('/v1/chat/completions'), bodyOf(model)),
    );
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('choices')]);
    const anthropic = await bed.route('anthropic-messages', 'say-hello');
    const messages = await exchange(requestText('POST', spell('/v1/messages'), bodyOf(anthropic)));
    expect([messages.status, messages.body]).toEqual([
      200,
      expect.stringContaining('"stop_reason"'),
    ]);
  });

  it('is served where a client escapes the colon before the method', async () => {
    const gemini = await bed.route('gemini-generate', 'say-hello');
    const path = inferencePath('gemini-generate', gemini, false).replace(/:(\w+)$/, '%3A$1');
    const body = JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'Hello?' }] }] });
    const answer = await exchange(requestText('POST', path, body));
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('candidates')]);
  });

  it('is held to the host that it names', async () => {
    const answer = await exchange(requestText('GET', 'http://evil.example/v1/models'));
    expect([answer.status, messageOf(answer)]).toEqual([403, expect.stringContaining('evil')]);
  });
});

describe('an address that leads nowhere', () => {
  it.each([
    ['POST', '/v1/models/some-model', 404, 'must name a model and a method'],
    ['POST', '/v1beta/models/some-model', 404, 'must name a model and a method'],
    ['POST', '/v1beta/', 404, 'must name a model and a method'],
    ['POST', '/v1/%zz', 400, 'two hexadecimal digits'],
    ['GET', '/v1/%ff', 400, 'two hexadecimal digits'],
    ['GET', '/api/%zz', 400, 'two hexadecimal digits'],
    ['GET', `/api/virtual-keys/${'x'.repeat(500)}`, 404, 'no id is that long'],
    ['GET', '/v1/chat/completions', 405, 'takes POST, not GET'],
    ['POST', '/v1/models', 405, 'takes GET, not POST'],
    ['PATCH', '/api/providers?x=1', 405, 'takes GET, POST, not PATCH'],
    ['BREW', '/v1/chat/completions', 400, 'not a valid HTTP/1.1 request'],
  ])('is refused in words: %s %s', async (method, path, status, words) => {
    const answer = await exchange(requestText(method, path, method === 'GET' ? '' : '{}'));
    expect([answer.status, messageOf(answer)]).toEqual([status, expect.stringContaining(words)]);
  });

  it('is refused in the shape of the protocol', async () => {
    for (const protocol of protocols) {
      const path = inferencePath(protocol, model, false).replace(/^(\/\w+\/)/, '$1%zz/');
      const answer = await exchange(
        requestText('POST', path, '{}', ['anthropic-version: 2023-06-01']),
      );
      expect(answer.status).toBe(400);
      const expected = protocol === 'gemini-generate' ? 'INVALID_ARGUMENT' : '"type":"error"';
      expect(answer.body).toContain(expected);
    }
  });
});

describe('what is no HTTP request', () => {
  it.each([
    ['text', 'Hello?\r\n\r\n', 400, 'not a valid HTTP/1.1 request'],
    ['TLS', Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3]), 400, 'write `http://`'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'not a valid HTTP/1.1 request'],
  ])('is refused in words: %s', async (_name, bytes, status, words) => {
    const answer = await exchange(bytes);
    expect([answer.status, messageOf(answer)]).toEqual([status, expect.stringContaining(words)]);
  });

  it.each([
    ['two lengths', ['content-length: 5'], 400],
    ['a length and chunks', ['transfer-encoding: chunked'], 400],
    ['a length that is no number', ['content-length: many'], 400],
    ['headers without end', [`x-large: ${'x'.repeat(40_000)}`], 431],
  ])('is refused in words: %s', async (_name, headers, status) => {
    const answer = await exchange(requestText('POST', '/v1/messages', bodyOf(model), headers));
    expect(answer.status).toBe(status);
    expect(messageOf(answer).length).toBeGreaterThan(20);
    expect(Object.keys(errorCodes)).toContain(
      (JSON.parse(answer.body) as { error: { code: string } }).error.code,
    );
  });

  it('does not spoil a stream that has begun on the same connection', async () => {
    const slow = await bed.route('openai-chat', 'slow-50ms');
    const body = JSON.stringify({ ...(JSON.parse(bodyOf(slow)) as object), stream: true });
    const request = requestText('POST', '/v1/chat/completions', body);
    const answer = await exchange(
      request.replace('connection: close', 'connection: keep-alive'),
      'garbage\r\n\r\n',
    );
    expect(answer.status).toBe(200);
    expect(answer.body).not.toContain('HTTP/1.1');
  });
});

it('is no failure of the gateway when a caller leaves in the middle of a management body', async () => {
  const { hostname, port } = new URL(bed.gateway.origin);
  const whole = requestText('POST', '/api/auth/login', '{"username":"a","password":"b"}');
  const text = whole.slice(0, -5);
  const socket = connect(Number(port), hostname, () => socket.end(text));
  await new Promise((resolve) => socket.resume().once('close', resolve));
  await exchange(requestText('GET', '/health/live'));
  expect(bed.gateway.output).not.toContain('/api/auth/login failed');
});

it.each(['/health/live', '/health/ready', '/'])(
  'tells monitors of %s by its head',
  async (path) => {
    expect(await exchange(requestText('HEAD', path))).toEqual({ status: 200, body: '' });
  },
);

it('answers every address, whatever the method and the body', async () => {
  const word = fc.constantFrom(
    ...'v1 v1beta api models messages chat completions responses embeddings translate x'.split(' '),
    ...'count_tokens input_tokens compact m:generateContent m:countTokens m%3Ax %2F %zz'.split(' '),
    ...'virtual-keys health live metrics auth login assets * .. '.split(' '),
    'm:streamGenerateContent',
    'x'.repeat(200),
  );
  const target = fc
    .tuple(fc.array(word, { maxLength: 5 }), fc.constantFrom('', '?', '?a=b', '?alt=sse', '#x'))
    .map(([words, end]) => `/${words.join('/')}${end}`);
  const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS');
  const body = fc.constantFrom('', '{}', '[]', bodyOf('nobody'), bodyOf(model), '{"contents":[]}');
  await fc.assert(
    fc.asyncProperty(method, target, body, async (verb, path, text) => {
      const sent = verb === 'GET' || verb === 'HEAD' ? '' : text;
      const answer = await exchange(requestText(verb, path, sent));
      const seen = [verb, path, sent, answer.status, answer.body];
      expect([
        ...seen,
        answer.status === 200 || (answer.status >= 400 && answer.status < 500),
      ]).toEqual([...seen, true]);
      if (verb === 'HEAD') return;
      expect([...seen, answer.body !== '']).toEqual([...seen, true]);
      if (answer.status >= 400) expect(messageOf(answer).length).toBeGreaterThan(10);
    }),
    { numRuns: 300 },
  );
}, 120_000);
