import { EditableBody, type UpstreamBody } from '#adapters';
import { defaultCapabilities, protocols, type ProtocolId } from '#translation';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { passThrough } from './compose-body.js';

const imageBytes = 20 * 1024 * 1024;
const image = 'iVBORw0KGgo'.repeat(Math.ceil(imageBytes / 11)).slice(0, imageBytes);
const model = 'name-of-the-route';
const gemini = { model, stream: false };

const requests: Readonly<Record<ProtocolId, object>> = {
  'openai-chat': {
    model,
    messages: [
      {
        role: 'user',
        content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } }],
      },
    ],
  },
  'openai-responses': {
    model,
    input: [
      {
        role: 'user',
        content: [{ type: 'input_image', image_url: `data:image/png;base64,${image}` }],
      },
    ],
  },
  'anthropic-messages': {
    model,
    max_tokens: 100,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } },
        ],
      },
    ],
  },
  'gemini-generate': {
    contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: image } }] }],
  },
};

/** Every way in which bytes can become text, or text a value. */
function watchText() {
  let characters = 0;
  const slices = ['utf8Slice', 'latin1Slice', 'asciiSlice'] as const;
  const prototype = Buffer.prototype as unknown as Record<string, (...ends: number[]) => string>;
  for (const name of ['toString', ...slices]) {
    const original = prototype[name];
    if (original === undefined) throw new Error(`Buffer has no ${name}`);
    vi.spyOn(prototype, name).mockImplementation(function (this: Buffer, ...ends) {
      const text = original.apply(this, ends);
      characters += text.length;
      return text;
    });
  }
  const parse = JSON.parse;
  vi.spyOn(JSON, 'parse').mockImplementation((text: string) => {
    characters += text.length;
    return parse(text) as unknown;
  });
  return () => characters;
}

async function slicesOf(body: UpstreamBody): Promise<Uint8Array[]> {
  if (typeof body === 'string' || Buffer.isBuffer(body)) throw new Error('not lent in slices');
  const slices: Uint8Array[] = [];
  for await (const slice of body) slices.push(slice);
  return slices;
}

describe('a body with an image of 20 MB', () => {
  afterEach(() => vi.restoreAllMocks());

  for (const id of Object.keys(requests) as ProtocolId[]) {
    for (const upstreamModel of ['shorter', 'a-name-that-is-longer-than-that-of-the-route']) {
      it(`in ${id} reaches \`${upstreamModel}\` neither parsed, nor made text of, nor copied`, async () => {
        const bytes = Buffer.from(JSON.stringify(requests[id]));
        const protocol = protocols[id];
        const address = id === 'gemini-generate' ? gemini : null;

        const charactersRead = watchText();
        const body = new EditableBody(bytes);
        const envelope = protocol.readEnvelope(body.original, address);
        const composed = passThrough(
          {
            call: { protocol, address },
            envelope,
            body,
            apiVersion: null,
            lossMode: 'warn',
          },
          { protocol: id, model: upstreamModel, capabilities: defaultCapabilities(id, false) },
        );
        const slices = await slicesOf(composed!.body);
        expect(charactersRead()).toBeLessThan(1000);
        vi.restoreAllMocks();

        const copied = slices.filter(({ buffer }) => buffer !== bytes.buffer);
        expect(copied.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(1000);
        const sent = JSON.parse(Buffer.concat(slices).toString()) as object;
        const expected =
          id === 'gemini-generate' ? requests[id] : { ...requests[id], model: upstreamModel };
        expect(JSON.stringify(sent) === JSON.stringify(expected)).toBe(true);
      });
    }
  }
});
