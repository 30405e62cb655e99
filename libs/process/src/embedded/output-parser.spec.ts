import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputParser } from './output-parser.js';
import type { OutputOptions } from './output-parser.js';

interface Meaning {
  content: string;
  reasoning: string;
  calls: { name: string; argumentsText: string }[];
}

const withTools: OutputOptions = { readsTools: true, isReasoning: false, keepsLastSpace: true };

/** What the pieces mean together, which must not depend on where they were cut. */
function read(pieces: readonly string[], options: Partial<OutputOptions> = {}): Meaning {
  const parser = new OutputParser({ ...withTools, ...options });
  const meaning: Meaning = { content: '', reasoning: '', calls: [] };
  for (const event of [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()]) {
    if (event.type === 'call') meaning.calls.push({ name: event.name, argumentsText: '' });
    else if (event.type === 'arguments') {
      const call = meaning.calls.at(-1);
      if (call !== undefined) call.argumentsText += event.text;
    } else meaning[event.type] += event.text;
  }
  return meaning;
}

const call = (name: string, argumentsText: string) =>
  `<tool_call>\n{"name": "${name}", "arguments": ${argumentsText}}\n</tool_call>`;

describe('OutputParser', () => {
  it('passes a plain answer on as it is, with the space around it', () => {
    expect(read([' Hello, you.\n']).content).toBe(' Hello, you.\n');
  });

  it('tells reasoning from the answer and drops the space between them', () => {
    expect(read(['<think>\nLet me see.\n</think>\n\nForty-two.'])).toEqual({
      reasoning: 'Let me see.',
      content: 'Forty-two.',
      calls: [],
    });
  });

  it('begins inside the reasoning when the template has opened it', () => {
    const meaning = read(['Hmm.\n</think>\n\nYes.'], { isReasoning: true });
    expect(meaning).toMatchObject({ reasoning: 'Hmm.', content: 'Yes.' });
  });

  it('keeps reasoning that was cut off as reasoning', () => {
    expect(read(['<think>I wonder'])).toMatchObject({ reasoning: 'I wonder', content: '' });
  });

  it('takes a tag of reasoning in the middle of an answer for text', () => {
    expect(read(['Models write <think> first.']).content).toBe('Models write <think> first.');
  });

  it('keeps the arguments of a call exactly as they were written', () => {
    const argumentsText = '{ "b":1.0, "a": 12345678901234567890, "t": "\\u00e9 </tool_call> }" }';
    expect(read([call('pay', argumentsText)]).calls).toEqual([{ name: 'pay', argumentsText }]);
  });

  it('passes arguments on while they are being written', () => {
    const parser = new OutputParser(withTools);
    expect(parser.push('<tool_call>{"name":"f","arguments":{"text":"a')).toEqual([
      { type: 'call', name: 'f' },
      { type: 'arguments', text: '{"text":"a' },
    ]);
    expect(parser.push('b')).toEqual([{ type: 'arguments', text: 'b' }]);
  });

  it('reads several calls, and text before and after them', () => {
    expect(read([`One moment.\n${call('f', '{}')}\n${call('g', '{"a":[1,{}]}')}\nDone.`])).toEqual({
      reasoning: '',
      content: 'One moment.Done.',
      calls: [
        { name: 'f', argumentsText: '{}' },
        { name: 'g', argumentsText: '{"a":[1,{}]}' },
      ],
    });
  });

  it.each([
    ['its name last', '{"arguments": {"a": 1.0}, "name": "f"}', '{"a": 1.0}'],
    ['arguments in a string', '{"name": "f", "arguments": "{\\"a\\": 1}"}', '{"a": 1}'],
    ['no arguments', '{"name": "f"}', '{}'],
  ])('reads a call with %s', (_, text, argumentsText) => {
    const calls = [{ name: 'f', argumentsText }];
    expect(read([`<tool_call>${text}</tool_call>`]).calls).toEqual(calls);
    expect(read([`<tool_call>${text}`]).calls).toEqual(calls);
  });

  it('shows what is no call as the text it is', () => {
    const text = '<tool_call>not json</tool_call>';
    expect(read([text])).toMatchObject({ content: text, calls: [] });
    expect(read(['<tool_call>{"name":'])).toMatchObject({ content: '<tool_call>{"name":' });
  });

  it('leaves calls alone where no tools were declared', () => {
    const text = call('f', '{}');
    expect(read([text], { readsTools: false })).toMatchObject({ content: text, calls: [] });
  });

  it('drops the last space where a grammar made the model write it', () => {
    expect(read(['{"a": 1}\n\n', '\n'], { keepsLastSpace: false }).content).toBe('{"a": 1}');
  });

  it('holds back no more than what may be a tag, or space in front of one', () => {
    const parser = new OutputParser(withTools);
    expect(parser.push('Hello <tool')).toEqual([{ type: 'content', text: 'Hello' }]);
    expect(parser.push('box')).toEqual([{ type: 'content', text: ' <toolbox' }]);
  });

  it('means the same wherever the text is cut', () => {
    const part = fc.constantFrom(
      '<think>',
      '</think>',
      '<tool_call>',
      '</tool_call>',
      '<',
      'think>',
      '\n',
      ' ',
      'text',
      '{"name": "f", "arguments": {"a": "}<\\""}}',
      '{"name":"g"}',
      '"',
      '{',
      '}',
      '🦙',
    );
    const text = fc.array(part, { maxLength: 14 }).map((parts) => parts.join(''));
    const cuts = fc.array(fc.nat(120), { maxLength: 8 });
    fc.assert(
      fc.property(
        text,
        cuts,
        fc.boolean(),
        fc.boolean(),
        (whole, places, readsTools, isReasoning) => {
          const edges = [0, ...places.sort((a, b) => a - b), whole.length];
          const pieces = edges.slice(1).map((end, index) => whole.slice(edges[index], end));
          const options = { readsTools, isReasoning };
          expect(read(pieces, options)).toEqual(read([whole], options));
          expect(read([...whole], options)).toEqual(read([whole], options));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
