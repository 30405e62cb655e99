import { describe, expect, it } from 'vitest';
import { protocols } from '../index.js';
import { sniffMediaType } from './sniff-media-type.js';
import { unfetchedMedia, withMediaBytes } from './url-media.js';

const image = (url: string) => ({ type: 'image', source: { type: 'url', url } });
const request = protocols['anthropic-messages'].decodeRequest(
  JSON.stringify({
    model: 'm',
    max_tokens: 1,
    messages: [
      { role: 'user', content: [image('https://a/1.png'), image('https://a/1.png')] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 't', content: [image('https://a/2.png')] },
          { type: 'document', source: { type: 'url', url: 'https://a/3.pdf' } },
        ],
      },
    ],
  }),
);

describe('media by URL', () => {
  it('are listed once each, also those in tool results, as far as the target does not fetch them', () => {
    const urls = (inputs: readonly ('image-url' | 'document-url')[]) =>
      unfetchedMedia(request, { inputs }).map(({ source }) => 'url' in source && source.url);
    expect(urls([])).toEqual(['https://a/1.png', 'https://a/2.png', 'https://a/3.pdf']);
    expect(urls(['image-url'])).toEqual(['https://a/3.pdf']);
    expect(urls(['image-url', 'document-url'])).toEqual([]);
  });

  it('become bytes wherever they stand', () => {
    const bytes = { base64: 'QQ==', mediaType: 'image/png' };
    const filled = withMediaBytes(
      request,
      new Map([
        ['https://a/1.png', bytes],
        ['https://a/2.png', bytes],
      ]),
    );
    expect(unfetchedMedia(filled, { inputs: [] })).toHaveLength(1);
    expect(JSON.stringify(filled.turns)).not.toContain('.png"');
  });
});

it.each([
  ['\x89PNG\r\n\x1a\n....', 'image/png'],
  ['\xff\xd8\xff\xe0', 'image/jpeg'],
  ['GIF89a', 'image/gif'],
  ['RIFF\x00\x00\x00\nWEBPVP8', 'image/webp'],
  ['%PDF-1.7', 'application/pdf'],
  ['<svg xmlns', null],
  ['', null],
])('sniffMediaType knows %j', (head, mediaType) => {
  expect(sniffMediaType(head)).toBe(mediaType);
});
