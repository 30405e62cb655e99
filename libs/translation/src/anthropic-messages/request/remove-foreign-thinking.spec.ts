import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { removeForeignThinking } from './remove-foreign-thinking.js';
import { writeToken } from '../../shared/tokens/opaque-envelope.js';

function apply(text: string): { text: string; paths: string[] } {
  const bytes = Buffer.from(text);
  const { edits, warnings } = removeForeignThinking(bytes.toString('latin1'));
  const pieces: Buffer[] = [];
  let position = 0;
  for (const { span } of edits.toSorted((a, b) => a.span.start - b.span.start)) {
    expect(span.start).toBeGreaterThanOrEqual(position);
    pieces.push(bytes.subarray(position, span.start));
    position = span.end;
  }
  return {
    text: Buffer.concat([...pieces, bytes.subarray(position)]).toString('utf8'),
    paths: warnings.map(({ path }) => path),
  };
}

const envelope = writeToken(null, 'anthropic-messages');
const foreign = { type: 'thinking', thinking: 'hm', signature: envelope };
const signed = { type: 'thinking', thinking: 'hm', signature: 'SIG' };

describe('removeForeignThinking', () => {
  it('edge 48: takes out the blocks we marked and leaves every other byte', () => {
    const before = `{"x": 1.0, "messages": [ {"role":"user","content":"ä ${envelope}"},\n {"role":"assistant","content":[ `;
    const block = JSON.stringify(foreign);
    const after = `{"type":"text", "text":"ö"} ]} ], "n":12345678901234567890}`;
    expect(apply(`${before}${block} , ${after}`)).toEqual({
      text: before + after,
      paths: ['messages[1].content[0]'],
    });
  });

  it('edge 48: takes out a message that holds nothing else', () => {
    const messages = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [foreign] },
      { role: 'user', content: 'b' },
    ];
    expect(JSON.parse(apply(JSON.stringify({ messages })).text)).toEqual({
      messages: [messages[0], messages[2]],
    });
  });

  it('is the same as filtering, whatever stands where', () => {
    const block = fc.constantFrom<object>(foreign, signed, { type: 'text', text: 'é' });
    const message = fc.record({
      role: fc.constantFrom('user', 'assistant'),
      content: fc.oneof(fc.string(), fc.array(block, { maxLength: 4 })),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.constantFrom(0, 2), (messages, space) => {
        const { text } = apply(JSON.stringify({ messages, model: 'm' }, null, space));
        const expected = messages.flatMap(({ role, content }): unknown[] => {
          if (typeof content === 'string') return [{ role, content }];
          const kept = content.filter((each) => each !== foreign);
          return kept.length === 0 && content.length > 0 ? [] : [{ role, content: kept }];
        });
        expect(JSON.parse(text)).toEqual({ messages: expected, model: 'm' });
      }),
    );
  });
});
