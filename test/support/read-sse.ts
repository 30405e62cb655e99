import { createParser } from 'eventsource-parser';

/** One server-sent event as a client sees it. */
export interface SseEvent {
  readonly name: string | null;
  readonly data: string;
}

/** The events of a whole stream. */
export function parseSse(text: string): SseEvent[] {
  const events: SseEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => events.push({ name: event ?? null, data }),
  });
  parser.feed(text);
  return events;
}

/**
 * The events of an answer as they arrive. Ends when the body does.
 * @throws the fetch error when the connection breaks.
 */
export async function* sseEvents(response: Response): AsyncGenerator<SseEvent, void, void> {
  if (response.body === null) return;
  const ready: SseEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => ready.push({ name: event ?? null, data }),
  });
  const decoder = new TextDecoder();
  for await (const bytes of response.body) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* ready.splice(0);
  }
}

/** Reads until `count` events have come, or the stream has ended. The rest is left unread. */
export async function takeEvents(
  events: AsyncGenerator<SseEvent, void, void>,
  count: number,
): Promise<SseEvent[]> {
  const taken: SseEvent[] = [];
  while (taken.length < count) {
    const next = await events.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

/** All events that are still to come. */
export async function readEvents(
  events: AsyncGenerator<SseEvent, void, void>,
): Promise<SseEvent[]> {
  const read: SseEvent[] = [];
  for await (const event of events) read.push(event);
  return read;
}

/** The visible text of a stream of any protocol. */
export function textOfEvents(events: readonly SseEvent[]): string {
  return events.map(({ data }) => deltaText(data)).join('');
}

interface AnyEvent {
  readonly type?: string;
  readonly choices?: { delta?: { content?: string | null } }[];
  readonly delta?: { text?: string } | string;
  readonly candidates?: { content?: { parts?: { text?: string; thought?: boolean }[] } }[];
}

function deltaText(data: string): string {
  if (!data.startsWith('{')) return '';
  const { type, choices, delta, candidates } = JSON.parse(data) as AnyEvent;
  if (typeof delta === 'string') return type === 'response.output_text.delta' ? delta : '';
  const parts = candidates?.[0]?.content?.parts ?? [];
  const said = parts.map(({ text, thought }) => (thought === true ? '' : (text ?? ''))).join('');
  return choices?.[0]?.delta?.content ?? delta?.text ?? said;
}
