import {
  createSseReader,
  type CanonicalEvent,
  type CanonicalResponse,
  type Protocol,
  type ReplyContext,
} from '#translation';
import { replyContext } from '../outcome.js';
import { seededRandom } from '../seeded-random.js';
import { chunksOf } from './read-gemini-generate.js';

/** The body as the gateway gets it: it always asks Gemini for events, some recordings hold the list instead. */
export function asEventStream(body: string): string {
  if (!body.trimStart().startsWith('[')) return body;
  return chunksOf(body)
    .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
    .join('');
}

/** The canonical events of a recorded stream that arrives in the given pieces. */
export function decodeStream(upstream: Protocol, pieces: readonly string[]): CanonicalEvent[] {
  const reader = createSseReader();
  const decoder = upstream.createStreamDecoder();
  const records = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
  return [...records.flatMap((record) => decoder.push(record)), ...decoder.end()];
}

/** The text cut at arbitrary bytes, so also inside characters, as a network may do it. */
export function cutAtBytes(text: string, seed: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const random = seededRandom(seed);
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + Math.floor(random() ** 3 * 600);
    pieces.push(decoder.decode(bytes.subarray(at, at + size), { stream: true }));
    at += size;
  }
  return [...pieces, decoder.decode()];
}

export function encodeStream(
  client: Protocol,
  events: readonly CanonicalEvent[],
  changes: Partial<ReplyContext> = {},
): string {
  const encoder = client.createStreamEncoder({ ...replyContext, ...changes });
  return events.map((event) => encoder.push(event)).join('');
}

/** A whole answer as the stream it could have been, in fragments of a few characters. */
export function eventsOf(response: CanonicalResponse): CanonicalEvent[] {
  const { id, model, createdAtSeconds, parts, usage, finishReason, finishDetail } = response;
  const events: CanonicalEvent[] = [{ type: 'response-start', id, model, createdAtSeconds }];
  for (const part of parts) {
    if (part.type === 'native') {
      events.push({ type: 'part-start', part });
    } else if (part.type === 'tool-call') {
      const { argumentsText, opaque: _opaque, ...start } = part;
      events.push({ type: 'part-start', part: start }, ...deltasOf(argumentsText));
    } else {
      events.push({ type: 'part-start', part: { type: part.type } }, ...deltasOf(part.text));
    }
    events.push({
      type: 'part-end',
      opaque: 'opaque' in part ? (part.opaque ?? null) : null,
      citations: part.type === 'text' ? part.citations : [],
    });
  }
  events.push({ type: 'usage', usage }, { type: 'response-end', finishReason, finishDetail });
  return events;
}

function deltasOf(text: string): CanonicalEvent[] {
  const pieces = text.match(/[\s\S]{1,40}/gu) ?? [];
  return pieces.map((piece) => ({ type: 'part-delta', text: piece }));
}
