import { describe, expect, it } from 'vitest';
import { createSseReader, protocols, opaqueEnvelopeMark, type ReplyContext } from './index.js';

const context: ReplyContext = {
  requestId: 'req_1',
  model: 'm',
  createdAtSeconds: 1,
  includeUsage: true,
};
const chat = protocols['openai-chat'];
const anthropic = protocols['anthropic-messages'];
const results = [
  { url: 'https://a.example/', title: 'A', snippet: 'said there' },
  { url: 'https://b.example/', title: null },
];
const cited = [
  {
    type: 'web_search_result_location',
    url: 'https://a.example/',
    title: 'A',
    cited_text: 'said there',
    encrypted_index: expect.stringMatching(new RegExp(`^${opaqueEnvelopeMark}`)) as string,
  },
  {
    type: 'web_search_result_location',
    url: 'https://b.example/',
    title: null,
    cited_text: '',
    encrypted_index: expect.stringMatching(new RegExp(`^${opaqueEnvelopeMark}`)) as string,
  },
];

function blocksOf(answer: object): unknown {
  const response = chat.decodeResponse(JSON.stringify(answer));
  return (JSON.parse(anthropic.encodeResponse(response, context)) as { content: unknown }).content;
}

function relay(stream: string): string {
  const decoder = chat.createStreamDecoder();
  const encoder = anthropic.createStreamEncoder(context);
  const events = createSseReader()
    .push(stream)
    .flatMap((event) => decoder.push(event));
  return [...events, ...decoder.end()].map((event) => encoder.push(event)).join('');
}

describe('the sources of an answer reach an Anthropic client', () => {
  it('from the list beside the answer', () => {
    const choices = [{ message: { content: 'as [1] and [2] say' }, finish_reason: 'stop' }];
    expect(
      blocksOf({ choices, search_results: results, citations: ['https://a.example/'] }),
    ).toEqual([{ type: 'text', text: 'as [1] and [2] say', citations: cited }]);
    expect(blocksOf({ choices, citations: ['https://b.example/'] })).toMatchObject([
      { citations: [{ url: 'https://b.example/', title: null }] },
    ]);
  });

  it('from annotations, and none where there are none', () => {
    const annotations = [{ type: 'url_citation', url_citation: { url: 'https://a.example/' } }];
    const message = { content: 'x', annotations };
    expect(blocksOf({ choices: [{ message, finish_reason: 'stop' }] })).toMatchObject([
      { citations: [{ url: 'https://a.example/', cited_text: '' }] },
    ]);
    expect(blocksOf({ choices: [{ message: { content: 'x' }, finish_reason: 'stop' }] })).toEqual([
      { type: 'text', text: 'x' },
    ]);
  });

  it('once, from a stream that repeats its list in every chunk', () => {
    const chunk = (content: string, finish_reason: string | null): string =>
      `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason }], search_results: results })}\n\n`;
    const stream = relay(chunk('as [1]', null) + chunk(' says', 'stop') + 'data: [DONE]\n\n');
    const deltas = [...stream.matchAll(/data: (.*citations_delta.*)\n/g)].map(
      (match) => (JSON.parse(match[1] ?? '') as { delta: { citation: unknown } }).delta.citation,
    );
    expect(deltas).toEqual(cited);
    expect(stream.indexOf('citations_delta')).toBeLessThan(stream.indexOf('content_block_stop'));
  });
});
