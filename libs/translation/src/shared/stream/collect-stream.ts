import type { OpaqueToken } from '../../canonical/content.js';
import type { CanonicalResponse, ResponsePart } from '../../canonical/response.js';
import type { CanonicalEvent, PartStart } from '../../canonical/stream-event.js';
import { unknownUsage } from '../../canonical/usage.js';
import { GatewayError } from '../../errors/gateway-error.js';

type EventOf<T extends CanonicalEvent['type']> = Extract<CanonicalEvent, { type: T }>;

/**
 * Joins the events of one stream to a whole answer.
 * @throws GatewayError the stream's own error, or `upstream_stream_interrupted` when it has no end
 */
export function collectStream(events: Iterable<CanonicalEvent>): CanonicalResponse {
  const parts: ResponsePart[] = [];
  let start: EventOf<'response-start'> | null = null;
  let end: EventOf<'response-end'> | null = null;
  let usage = unknownUsage;
  let open: PartStart | null = null;
  let fragments: string[] = [];
  for (const event of events) {
    switch (event.type) {
      case 'response-start':
        start = event;
        break;
      case 'part-start':
        open = event.part;
        fragments = [];
        break;
      case 'part-delta':
        fragments.push(event.text);
        break;
      case 'part-end':
        if (open !== null) parts.push(wholePart(open, fragments.join(''), event));
        open = null;
        break;
      case 'usage':
        usage = event.usage;
        break;
      case 'response-end':
        end = event;
        break;
      case 'error':
        throw event.error;
    }
  }
  if (start === null || end === null) {
    throw new GatewayError('upstream_stream_interrupted', 'The upstream stream ended too early.');
  }
  return {
    id: start.id,
    model: start.model,
    createdAtSeconds: start.createdAtSeconds,
    parts,
    finishReason: end.finishReason,
    finishDetail: end.finishDetail,
    usage,
  };
}

function wholePart(start: PartStart, text: string, end: EventOf<'part-end'>): ResponsePart {
  switch (start.type) {
    case 'text':
      return { type: 'text', text, citations: end.citations, ...tokenOf(end) };
    case 'reasoning':
      return { type: 'reasoning', text, opaque: end.opaque };
    case 'refusal':
      return { type: 'refusal', text };
    case 'tool-call':
      return { ...start, argumentsText: text, ...tokenOf(end) };
    case 'native':
      return start;
  }
}

function tokenOf({ opaque }: EventOf<'part-end'>): { opaque?: OpaqueToken } {
  return opaque === null ? {} : { opaque };
}
