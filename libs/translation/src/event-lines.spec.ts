import { describe, expect, it } from 'vitest';
import { readFrames } from '../../../test/support/stream-grammar/rule-book.js';
import { createSseReader, protocols } from './index.js';

const argumentsText = '{\r\n  "city":\n "Bern"\n}';
const upstream = (delta: object, finish_reason: string | null): string =>
  `data: ${JSON.stringify({ choices: [{ delta, finish_reason }] })}\n\n`;
const stream =
  upstream({ tool_calls: [{ id: 'a', function: { name: 'f', arguments: argumentsText } }] }, null) +
  upstream({}, 'tool_calls');

describe('arguments that the model wrote over several lines', () => {
  for (const client of Object.values(protocols)) {
    it(`stay within one line of an event to a ${client.id} client`, () => {
      const decoder = protocols['openai-chat'].createStreamDecoder();
      const encoder = client.createStreamEncoder({
        requestId: 'req_1',
        model: 'm',
        createdAtSeconds: 1,
        includeUsage: false,
      });
      const events = createSseReader()
        .push(stream)
        .flatMap((event) => decoder.push(event));
      const text = [...events, ...decoder.end()].map((event) => encoder.push(event)).join('');
      expect(text).not.toContain('\r');
      for (const { data } of readFrames(text))
        if (data !== '[DONE]') expect(() => void JSON.parse(data)).not.toThrow();
      expect(text).toContain('Bern');
    });
  }
});
