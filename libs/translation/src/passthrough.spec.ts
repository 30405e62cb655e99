import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError, protocols, type ByteEdit, type ProtocolId } from './index.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function apply(body: Uint8Array, edits: readonly ByteEdit[]): string {
  let text = '';
  let at = 0;
  for (const { span, text: replacement } of edits) {
    text += decoder.decode(body.subarray(at, span.start)) + replacement;
    at = span.end;
  }
  return text + decoder.decode(body.subarray(at));
}

const ids = ['openai-chat', 'anthropic-messages'] as const satisfies readonly ProtocolId[];

/** JSON text with any white space between its tokens. */
function spaced(value: unknown, space: string): string {
  if (Array.isArray(value))
    return `[${space}${value.map((item) => spaced(item, space)).join(`${space},`)}${space}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) + space;
  const members = Object.entries(value).map(
    ([name, member]) => `${space}${JSON.stringify(name)}${space}:${space}${spaced(member, space)}`,
  );
  return `{${members.join(`${space},`)}${space}}`;
}

const body = fc
  .tuple(
    fc.record({
      model: fc.string({ minLength: 1 }),
      messages: fc.array(fc.jsonValue({ maxDepth: 3 })),
      max_tokens: fc.integer({ min: 1, max: 1e6 }),
    }),
    fc.record(
      {
        stream: fc.boolean(),
        stream_options: fc.option(
          fc.record(
            { include_usage: fc.boolean(), include_obfuscation: fc.boolean() },
            { requiredKeys: [] },
          ),
        ),
        extra: fc.jsonValue({ maxDepth: 3 }),
      },
      { requiredKeys: [] },
    ),
    fc.constantFrom('', ' ', '\n\t', '\r\n'),
    fc.boolean(),
  )
  .map(([required, optional, space, isFirst]) => {
    const value = isFirst ? { ...required, ...optional } : { ...optional, ...required };
    return {
      value: value as Record<string, unknown>,
      bytes: encoder.encode(space + spaced(value, space)),
    };
  });

describe('a request passed through in its own protocol', () => {
  for (const id of ids) {
    it(`${id}: is read as JSON.parse would read it`, () => {
      fc.assert(
        fc.property(body, ({ value, bytes }) => {
          const envelope = protocols[id].readEnvelope(bytes);
          expect(envelope.model).toBe(value['model']);
          expect(envelope.stream).toBe(value['stream'] ?? false);
          expect(envelope.maxOutputTokens).toBe(value['max_tokens']);
          expect(
            JSON.parse(
              decoder.decode(bytes.subarray(envelope.modelSpan?.start, envelope.modelSpan?.end)),
            ),
          ).toBe(value['model']);
        }),
      );
    });

    it(`${id}: changes in nothing but the model's name and the wish for usage`, () => {
      fc.assert(
        fc.property(body, fc.string({ minLength: 1 }), ({ value, bytes }, model) => {
          const protocol = protocols[id];
          const edits = protocol.passthroughEdits(protocol.readEnvelope(bytes), model);
          const edited = apply(bytes, edits);
          const asksUsage = id === 'openai-chat' && value['stream'] === true;
          const options = { ...(value['stream_options'] as object | null), include_usage: true };
          const expected = { ...value, model, ...(asksUsage ? { stream_options: options } : {}) };
          expect(JSON.parse(edited)).toEqual(JSON.parse(JSON.stringify(expected)));
          const touched = edits.reduce((sum, { span }) => sum + span.end - span.start, 0);
          const added = edits.reduce((sum, { text }) => sum + encoder.encode(text).length, 0);
          expect(encoder.encode(edited).length).toBe(bytes.length - touched + added);
        }),
      );
    });

    it(`${id}: is accepted exactly when it is JSON`, () => {
      fc.assert(
        fc.property(
          body,
          fc.nat(),
          fc.constantFrom('', '{', ']', ',', ':', '"', 'tru', '01', '-', '}'),
          ({ bytes }, place, mark) => {
            const text = decoder.decode(bytes);
            const at = place % text.length;
            const broken = text.slice(0, at) + mark + text.slice(mark === '' ? at + 1 : at);
            let isJson = true;
            try {
              JSON.parse(broken);
            } catch {
              isJson = false;
            }
            // A mark inside a string may leave JSON that is no request any more; only broken JSON must be told as such.
            let message = '';
            try {
              protocols[id].readEnvelope(encoder.encode(broken));
            } catch (error) {
              message = error instanceof GatewayError ? error.message : String(error);
            }
            const hasHiddenFault = /[^ -\uffff]|\\/.test(broken.replaceAll(/[\r\n\t]/g, ''));
            if (isJson) expect(message).not.toMatch(/not valid JSON/);
            else if (!hasHiddenFault)
              expect(message).toMatch(/not valid JSON|must be|missing|empty|more than once/);
          },
        ),
        { numRuns: 500 },
      );
    });
  }

  it('needs no edit where the model keeps its name and usage was asked for', () => {
    const text =
      '{"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}}';
    const { readEnvelope, passthroughEdits } = protocols['openai-chat'];
    const envelope = readEnvelope(encoder.encode(text));
    expect(envelope.wantsStreamUsage).toBe(true);
    expect(passthroughEdits(envelope, 'm')).toEqual([]);
  });

  it('keeps the other stream options and a literal null makes room for ours', () => {
    const { readEnvelope, passthroughEdits } = protocols['openai-chat'];
    const edit = (text: string): string => {
      const bytes = encoder.encode(text);
      return apply(bytes, passthroughEdits(readEnvelope(bytes), 'm'));
    };
    expect(
      edit(
        '{"stream_options":{"include_obfuscation":false,"include_usage":false},"model":"m","messages":[],"stream":true}',
      ),
    ).toBe(
      '{"stream_options":{"include_obfuscation":false,"include_usage":true},"model":"m","messages":[],"stream":true}',
    );
    expect(edit('{"model":"m","messages":[],"stream":true,"stream_options":null}')).toBe(
      '{"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}}',
    );
    expect(edit('{"model":"m","messages":[],"stream":true}')).toBe(
      '{"stream_options":{"include_usage":true},"model":"m","messages":[],"stream":true}',
    );
  });
});

describe('a request that is not one', () => {
  const refusal = (id: ProtocolId, text: string): GatewayError => {
    try {
      protocols[id].readEnvelope(encoder.encode(text));
    } catch (error) {
      if (error instanceof GatewayError) return error;
    }
    throw new Error('was accepted');
  };

  it.each([
    ['', 'The request body is empty; send a JSON object.', null],
    ['[]', 'The request body is not valid JSON: expected a JSON object at line 1, column 1.', null],
    [
      '{"model":"x","messages":[{]}',
      'The request body is not valid JSON: expected a member name in double quotes at line 1, column 27.',
      null,
    ],
    [
      '{"model":"x",\n"messages":[}',
      'The request body is not valid JSON: expected a JSON value at line 2, column 13.',
      null,
    ],
    [
      '{"model":"x","messages":[',
      'The request body is not valid JSON: expected a JSON value at line 1, column 26.',
      null,
    ],
    [
      '{"model":"x","messages":[]} x',
      'The request body is not valid JSON: expected the end of the JSON text at line 1, column 29.',
      null,
    ],
    ['{"messages":[]}', '`model` is missing: it must be a string naming the model.', 'model'],
    ['{"model":"x"}', '`messages` is missing: it must be an array of message objects.', 'messages'],
    [
      '{"model":"x","messages":"hi"}',
      '`messages` must be an array of message objects, but is a string.',
      'messages',
    ],
    [
      '{"model":7,"messages":[]}',
      '`model` must be a string naming the model, but is a number.',
      'model',
    ],
    [
      '{"model":"","messages":[]}',
      '`model` must be a string naming the model, but is empty or malformed.',
      'model',
    ],
    [
      '{"model":"a","model":"b","messages":[]}',
      '`model` is given more than once; send it once.',
      'model',
    ],
    [
      '{"model":"a","mod\\u0065l":"b","messages":[]}',
      '`model` is given more than once; send it once.',
      'model',
    ],
    [
      '{"model":"x","messages":[],"stream":"yes"}',
      '`stream` must be true or false, but is a string.',
      'stream',
    ],
    [
      '{"model":"x","messages":[],"temperature":"hot"}',
      '`temperature` must be a number, but is a string.',
      'temperature',
    ],
    [
      '{"model":"x","messages":[],"max_tokens":1.5}',
      '`max_tokens` must be a positive integer, but is 1.5.',
      'max_tokens',
    ],
    [
      '{"model":"x","messages":[],"max_tokens":0}',
      '`max_tokens` must be a positive integer, but is 0.',
      'max_tokens',
    ],
    [
      '{"model":"x","messages":[],"tools":{}}',
      '`tools` must be an array of tool objects, but is an object.',
      'tools',
    ],
  ])('%s is told where it is wrong and what was expected', (text, message, path) => {
    expect(refusal('openai-chat', text)).toMatchObject({ code: 'invalid_request', message, path });
  });

  it('must name a token limit to Anthropic', () => {
    const text = '{"model":"x","messages":[]}';
    expect(refusal('anthropic-messages', text)).toMatchObject({
      path: 'max_tokens',
      message: '`max_tokens` is missing: it must be a positive integer.',
    });
  });

  it('may nest 64 levels and no more', () => {
    const nested = (depth: number): string =>
      `{"model":"x","messages":[],"extra":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(protocols['openai-chat'].readEnvelope(encoder.encode(nested(63))).model).toBe('x');
    expect(refusal('openai-chat', nested(64)).message).toMatch(/at most 64 levels of nesting/);
    expect(refusal('openai-chat', nested(1_000_000)).message).toMatch(
      /at most 64 levels of nesting/,
    );
  });

  it('may write null for what it leaves unset', () => {
    const text =
      '{"model":"x","messages":[],"stream":null,"stop":null,"max_tokens":null,"tools":null,"stream_options":null}';
    expect(protocols['openai-chat'].readEnvelope(encoder.encode(text))).toMatchObject({
      stream: false,
      maxOutputTokens: null,
      wantsStreamUsage: false,
    });
  });

  it('names its model in any script and any escapes', () => {
    const { readEnvelope } = protocols['openai-chat'];
    expect(readEnvelope(encoder.encode('{"model":"modèle/模型","messages":[]}')).model).toBe(
      'modèle/模型',
    );
    expect(readEnvelope(encoder.encode('{"model":"a\\u0062\\"\\\\","messages":[]}')).model).toBe(
      'ab"\\',
    );
    expect(readEnvelope(encoder.encode('{"model":"\\ud800","messages":[]}')).model).toBe('\ud800');
  });
});
