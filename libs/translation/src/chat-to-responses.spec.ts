import { describe, expect, it } from 'vitest';
import {
  eventsOf,
  translateRequest,
  translateStream,
  type Json,
} from '../../../test/support/translate.js';

const messages = [{ role: 'user', content: 'hi' }];
const toResponses = (fields: object) =>
  translateRequest('openai-chat', 'openai-responses', { model: 'm', messages, ...fields });

describe('a chat request as Responses', () => {
  it('edge 29: says of a function without `strict` that it is not', () => {
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
    expect(toResponses({ tools }).json['tools']).toMatchObject([{ name: 'f', strict: false }]);
  });

  it('edge 36: has its stop strings cut by the gateway', () => {
    const { json, losses, restoration } = toResponses({ stop: ['\n\n'] });
    expect(json).not.toHaveProperty('stop');
    expect(restoration.stopSequences).toEqual(['\n\n']);
    expect(losses).toContain('emulated stop');
  });

  it('edge 40: asks for 16 tokens at least, and does not cut the text afterwards', () => {
    const { json, losses, restoration } = toResponses({ max_tokens: 5 });
    expect(json['max_output_tokens']).toBe(16);
    expect(losses).toContain('clamped max_tokens');
    expect(restoration.stopSequences).toEqual([]);
  });
});

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
describe('a chat stream as a stream of Responses', () => {
  const call = { index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: '' } };
  const stream = translateStream(
    'openai-chat',
    'openai-responses',
    chunk({ role: 'assistant', content: 'so' }) +
      chunk({ tool_calls: [call] }) +
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a":1}' } }] }) +
      chunk({}, 'tool_calls') +
      'data: [DONE]\n\n',
  );
  const events = eventsOf(stream);

  it('edge 84: tells in its last event everything that was streamed', () => {
    expect(events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: {
        output: [
          { type: 'message', content: [{ type: 'output_text', text: 'so' }] },
          { type: 'function_call', name: 'f', arguments: '{"a":1}' },
        ],
      },
    });
  });

  it('edge 85: ends every item with an event of its own', () => {
    const done = events.filter(({ type }) => type === 'response.output_item.done');
    expect(done.map(({ item }) => (item as Json)['type'])).toEqual(['message', 'function_call']);
  });

  it('edge 83: tells why it broke off twice, for SDKs and for agents', () => {
    const broken = translateStream(
      'openai-chat',
      'openai-responses',
      `${chunk({ role: 'assistant', content: 'so' })}data: {"error":{"message":"it broke"}}\n\n`,
    );
    const [error, failed] = eventsOf(broken).slice(-2);
    expect(error).toMatchObject({ type: 'error', message: 'it broke' });
    expect(failed).toMatchObject({
      type: 'response.failed',
      response: { error: { message: 'it broke' } },
    });
  });
});
