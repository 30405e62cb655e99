import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError, protocols, type ErrorCode } from './index.js';

/** Both stream decoders must take any error event; nothing is returned. */
function readInBand(data: string): undefined {
  for (const { createStreamDecoder } of Object.values(protocols)) {
    const decoder = createStreamDecoder();
    decoder.push({ name: 'error', data });
    decoder.end();
  }
}

const chat = protocols['openai-chat'];
const anthropic = protocols['anthropic-messages'];

describe('an error for a client', () => {
  it('of OpenAI has its four keys, and headers that tell whether to retry', () => {
    const error = new GatewayError('rate_limited', 'Slow down.', { retryAfterMs: 1_200 });
    const { status, headers, body } = chat.encodeError(error, 'req_1');
    expect(status).toBe(429);
    expect(headers).toEqual({
      'content-type': 'application/json',
      'x-should-retry': 'true',
      'retry-after': '2',
      'retry-after-ms': '1200',
    });
    expect(JSON.parse(body)).toEqual({
      error: { message: 'Slow down.', type: 'rate_limit_error', param: null, code: 'rate_limited' },
    });
  });

  it('of OpenAI names the field', () => {
    const { body, headers } = chat.encodeError(
      new GatewayError('invalid_request', 'Bad.', { path: 'messages[3].content[1]' }),
      'r',
    );
    expect(JSON.parse(body)).toMatchObject({ error: { param: 'messages[3].content[1]' } });
    expect(headers).toMatchObject({ 'x-should-retry': 'false' });
    expect(headers).not.toHaveProperty('retry-after');
  });

  it('of Anthropic has its type, the dotted path and our request id', () => {
    const { status, body } = anthropic.encodeError(
      new GatewayError('unsupported_by_target', 'No audio.', { path: 'messages[3].content[1]' }),
      'req_1',
    );
    expect(status).toBe(400);
    expect(JSON.parse(body)).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'messages.3.content.1: No audio.' },
      request_id: 'req_1',
    });
  });

  it('is 529 for Anthropic clients where others get 503', () => {
    const error = new GatewayError('upstream_overloaded', 'Busy.');
    expect(chat.encodeError(error, 'r').status).toBe(503);
    expect(anthropic.encodeError(error, 'r').status).toBe(529);
    expect(JSON.parse(anthropic.encodeError(error, 'r').body)).toMatchObject({
      error: { type: 'overloaded_error' },
    });
  });

  it('keeps an upstream’s own status', () => {
    expect(
      anthropic.encodeError(new GatewayError('upstream_rejected', 'x', { status: 422 }), 'r')
        .status,
    ).toBe(422);
  });

  it('about a long context says the words that make agents compact', () => {
    const { body } = anthropic.encodeError(
      new GatewayError('context_length_exceeded', 'too many tokens'),
      'r',
    );
    expect(JSON.parse(body)).toMatchObject({
      error: { message: 'prompt is too long: too many tokens' },
    });
    expect(
      JSON.parse(chat.encodeError(new GatewayError('context_length_exceeded', 'x'), 'r').body),
    ).toMatchObject({ error: { code: 'context_length_exceeded' } });
  });

  it.each([
    [
      'request (2009 tokens) exceeds the available context size (512 tokens)',
      'prompt is too long: 2009 tokens > 512 maximum. request',
    ],
    [
      "This model's maximum context length is 128,000 tokens. However, your messages resulted in 130,001 tokens.",
      'prompt is too long: 130001 tokens > 128000 maximum. This',
    ],
    ['context window exceeded', 'prompt is too long: context window exceeded'],
  ])('about a long context, %s, keeps the sizes readable for agents', (message, start) => {
    const { body } = anthropic.encodeError(
      new GatewayError('context_length_exceeded', message),
      'r',
    );
    const { error } = JSON.parse(body) as { error: { message: string } };
    expect(error.message.startsWith(start)).toBe(true);
  });

  it('inside a stream is the protocol’s own last word', () => {
    const error = new GatewayError('upstream_error', 'Broken\nin two.');
    expect(chat.encodeStreamError(error, 'r')).toBe(
      'data: {"error":{"message":"Broken\\nin two.","type":"server_error","param":null,"code":"upstream_error"}}\n\n',
    );
    expect(anthropic.encodeStreamError(error, 'r')).toBe(
      'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"Broken\\nin two."},"request_id":"r"}\n\n',
    );
  });
});

describe('an upstream’s error', () => {
  it.each<[number, string, ErrorCode, string]>([
    [
      401,
      '{"error":{"message":"Incorrect API key","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}',
      'upstream_authentication_failed',
      'Incorrect API key',
    ],
    [
      403,
      '{"type":"error","error":{"type":"permission_error","message":"no"}}',
      'upstream_authentication_failed',
      'no',
    ],
    [401, '{"detail":"Invalid API Key"}', 'upstream_authentication_failed', 'Invalid API Key'],
    [
      400,
      '{"object":"error","message":"Bad role","type":"invalid_request_error","param":null,"code":"3051","raw_status_code":400}',
      'upstream_rejected',
      'Bad role',
    ],
    [400, '{"code":"invalid-argument","error":"text"}', 'upstream_rejected', 'text'],
    [
      404,
      '{"error":"model \\"x\\" not found, try pulling it first"}',
      'upstream_error',
      'model "x" not found, try pulling it first',
    ],
    [429, '{"error":{"message":"slow","code":429}}', 'upstream_rate_limited', 'slow'],
    [
      429,
      '{"error":{"message":"quota","type":"insufficient_quota","code":"insufficient_quota"}}',
      'upstream_rate_limited',
      'quota',
    ],
    [
      400,
      '[{"error":{"code":400,"message":"array","status":"INVALID_ARGUMENT"}}]',
      'upstream_rejected',
      'array',
    ],
    [
      502,
      '{"error":{"message":"Provider returned error","code":502,"metadata":{"raw":"{\\"error\\":{\\"message\\":\\"inner\\"}}"}}}',
      'upstream_error',
      'inner',
    ],
    [
      422,
      '{"detail":[{"loc":["body","messages",0],"msg":"field required","type":"value_error"}]}',
      'upstream_rejected',
      'messages.0: field required',
    ],
    [
      404,
      '{"detail":{"error":{"message":"no such model","type":"not_found"}}}',
      'upstream_error',
      'no such model',
    ],
    [
      400,
      '{"error":{"message":"m","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}',
      'context_length_exceeded',
      'm',
    ],
    [
      400,
      '{"error":{"code":400,"message":"request (9 tokens) exceeds the available context size (5 tokens)","type":"exceed_context_size_error","n_ctx":5}}',
      'context_length_exceeded',
      'request (9 tokens) exceeds the available context size (5 tokens)',
    ],
    [
      400,
      '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 5 maximum"}}',
      'context_length_exceeded',
      'prompt is too long: 9 tokens > 5 maximum',
    ],
    [
      400,
      '{"error":{"message":"unknown model","code":"model_not_found"}}',
      'upstream_error',
      'unknown model',
    ],
    [
      400,
      '{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}',
      'upstream_authentication_failed',
      'API key not valid.',
    ],
    [413, 'Request Entity Too Large', 'request_too_large', 'Request Entity Too Large'],
    [408, '', 'upstream_timeout', 'The upstream answered with status 408 and no message.'],
    [
      504,
      '<html>gateway timeout</html>',
      'upstream_timeout',
      'The upstream answered with status 504 and no message.',
    ],
    [
      503,
      '{"error":{"message":"Loading model","type":"unavailable_error","code":503}}',
      'upstream_overloaded',
      'Loading model',
    ],
    [
      529,
      '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
      'upstream_overloaded',
      'Overloaded',
    ],
    [500, '{"error":null}', 'upstream_error', '{"error":null}'],
    [500, '{"error":{"message":""}}', 'upstream_error', '{"error":{"message":""}}'],
    [302, '', 'upstream_redirect', 'The upstream answered with status 302 and no message.'],
  ])('%i %s is %s: %s', (status, body, code, message) => {
    expect(chat.decodeError(status, body)).toMatchObject({ code, message });
    expect(anthropic.decodeError(status, body)).toMatchObject({ code, message });
  });

  it('tells in its body how long to wait, as Google does', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.07s' }];
    const body = JSON.stringify([
      { error: { code: 429, message: 'slow', status: 'RESOURCE_EXHAUSTED', details } },
    ]);
    expect(chat.decodeError(429, body)).toMatchObject({
      code: 'upstream_rate_limited',
      retryAfterMs: 34_070,
    });
    expect(chat.decodeError(429, '{"error":{"message":"slow"}}').retryAfterMs).toBeNull();
  });

  it('keeps its kind from either side to the other: too long, overloaded, throttled', () => {
    const openaiToAnthropic = (status: number, body: string): string => {
      const { code, message } = chat.decodeError(status, body);
      return anthropic.encodeError(new GatewayError(code, message), 'r').body;
    };
    expect(
      openaiToAnthropic(400, '{"error":{"message":"m","code":"context_length_exceeded"}}'),
    ).toContain('prompt is too long');
    expect(
      openaiToAnthropic(503, '{"error":{"code":"server_is_overloaded","message":"m"}}'),
    ).toContain('overloaded_error');
    const tooLong = anthropic.decodeError(
      400,
      '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 5 maximum"}}',
    );
    expect(chat.encodeError(new GatewayError(tooLong.code, tooLong.message), 'r').body).toContain(
      '"code":"context_length_exceeded"',
    );
    const throttled = anthropic.decodeError(
      429,
      '{"type":"error","error":{"type":"rate_limit_error","message":"m"}}',
    );
    const error = new GatewayError(throttled.code, 'm', { retryAfterMs: 1_500 });
    expect(chat.encodeError(error, 'r')).toMatchObject({
      status: 429,
      headers: { 'retry-after': '2', 'retry-after-ms': '1500', 'x-should-retry': 'true' },
    });
  });

  it('of any shape is read without throwing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 599 }),
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => JSON.stringify({ error: value, detail: value })),
          fc
            .jsonValue()
            .map((value) => JSON.stringify({ error: { details: [value], code: value } })),
        ),
        (status, body) => {
          const { message } = chat.decodeError(status, body);
          expect(readInBand(body)).toBeUndefined();
          expect(message.length).toBeGreaterThan(0);
          expect(message.length).toBeLessThanOrEqual(2_000);
        },
      ),
      { numRuns: 500 },
    );
  });
});
