import { describe, expect, it } from 'vitest';
import { GatewayError, protocols, type RequestEnvelope } from '../index.js';

const gemini = protocols['gemini-generate'];
const address = { model: 'gemini-alias', stream: true };
const bytes = (value: unknown): Buffer =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const read = (value: unknown): RequestEnvelope => gemini.readEnvelope(bytes(value), address);
const contents = [{ parts: [{ text: 'hi' }] }];

describe('the envelope of a Gemini request', () => {
  it('has model and streaming from the URL, and always gets usage', () => {
    expect(read({ contents })).toMatchObject({
      model: 'gemini-alias',
      stream: true,
      modelSpan: null,
      maxOutputTokens: null,
      wantsStreamUsage: true,
    });
  });

  it('finds the limit in either spelling, the larger where both are there', () => {
    expect(read({ contents, generationConfig: { maxOutputTokens: 7 } }).maxOutputTokens).toBe(7);
    expect(read({ contents, generation_config: { max_output_tokens: 8 } }).maxOutputTokens).toBe(8);
    const both = { maxOutputTokens: 7, max_output_tokens: 9 };
    expect(read({ contents, generationConfig: both }).maxOutputTokens).toBe(9);
    expect(read({ contents, generationConfig: null }).maxOutputTokens).toBeNull();
  });

  it('refuses what we and Google might read differently', () => {
    const refused = [
      '{"contents":[],"generationConfig":{},"generationConfig":{"maxOutputTokens":1}}',
      '{"contents":[],"generationConfig":{},"generation_config":{"maxOutputTokens":1}}',
      '{"contents":[],"generationConfig":{"maxOutputTokens":0}}',
      '{"contents":[],"generationConfig":[]}',
      '{"contents":"hi"}',
      '{}',
      '',
    ];
    for (const text of refused) expect(() => read(text), text).toThrow(GatewayError);
  });

  it('changes nothing, but a model that the body repeats', () => {
    expect(gemini.passthroughEdits(read({ contents }), 'gemini-3-flash')).toEqual([]);
    const body = '{"model":"models/gemini-alias","contents":[]}';
    const [edit] = gemini.passthroughEdits(read(body), 'gemini-3-flash');
    expect(edit).toEqual({ span: { start: 9, end: 30 }, text: '"models/gemini-3-flash"' });
  });

  it('needs a model from somewhere', () => {
    expect(() => gemini.readEnvelope(bytes({ contents }))).toThrow(GatewayError);
  });
});

describe('an error for a Gemini client', () => {
  it('has Google’s shape, its word for the status, the field and the delay', () => {
    const error = new GatewayError('rate_limited', 'Slow down.', {
      retryAfterMs: 1_500,
      path: 'contents[0]',
    });
    const { status, headers, body } = gemini.encodeError(error, 'req_1');
    expect(status).toBe(429);
    expect(headers).toMatchObject({ 'retry-after': '2', 'x-should-retry': 'true' });
    const prefix = 'type.googleapis.com/google.rpc.';
    expect(JSON.parse(body)).toEqual({
      error: {
        code: 429,
        message: 'Slow down.',
        status: 'RESOURCE_EXHAUSTED',
        details: [
          {
            '@type': `${prefix}ErrorInfo`,
            reason: 'RATE_LIMITED',
            domain: 'spillway',
            metadata: { request_id: 'req_1' },
          },
          {
            '@type': `${prefix}BadRequest`,
            fieldViolations: [{ field: 'contents[0]', description: 'Slow down.' }],
          },
          { '@type': `${prefix}RetryInfo`, retryDelay: '1.5s' },
        ],
      },
    });
  });

  it.each([
    ['invalid_request', 'INVALID_ARGUMENT'],
    ['authentication_failed', 'UNAUTHENTICATED'],
    ['permission_denied', 'PERMISSION_DENIED'],
    ['model_not_found', 'NOT_FOUND'],
    ['upstream_authentication_failed', 'INTERNAL'],
    ['upstream_overloaded', 'UNAVAILABLE'],
    ['upstream_timeout', 'DEADLINE_EXCEEDED'],
  ] as const)('of %s says %s', (code, status) => {
    const { body } = gemini.encodeError(new GatewayError(code, 'x'), 'r');
    expect(JSON.parse(body)).toMatchObject({ error: { status } });
  });
});

describe('an error of Google', () => {
  const decode = (status: number, error: object): unknown =>
    gemini.decodeError(status, JSON.stringify({ error: { code: status, ...error } })).code;

  it('says in its body how long to wait', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.07s' }];
    const body = { error: { code: 429, message: 'Quota.', status: 'RESOURCE_EXHAUSTED', details } };
    expect(gemini.decodeError(429, JSON.stringify(body)).retryAfterMs).toBe(34_070);
  });

  it('is read by more than its status', () => {
    const details = [{ '@type': 'x', reason: 'API_KEY_INVALID' }];
    const badKey = { message: 'API key not valid.', status: 'INVALID_ARGUMENT', details };
    expect(decode(400, badKey)).toBe('upstream_authentication_failed');
    const tooLong =
      'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).';
    expect(decode(400, { message: tooLong })).toBe('context_length_exceeded');
    expect(decode(429, { message: 'Quota.', status: 'RESOURCE_EXHAUSTED' })).toBe(
      'upstream_rate_limited',
    );
    expect(decode(400, { message: 'Please use a valid role.' })).toBe('upstream_rejected');
  });
});
