import type { CanonicalResponse, ResponsePart } from '../../canonical/response.js';
import type { CanonicalEvent, PartStart } from '../../canonical/stream-event.js';
import { flatMap } from '../flat-map.js';

/** A whole answer as the stream it could have been; the inverse of `collectStream`. */
export function responseEvents(response: CanonicalResponse): CanonicalEvent[] {
  const { id, model, createdAtSeconds, parts, usage, finishReason, finishDetail } = response;
  return [
    { type: 'response-start', id, model, createdAtSeconds },
    ...flatMap(parts, partEvents),
    { type: 'usage', usage },
    { type: 'response-end', finishReason, finishDetail },
  ];
}

function partEvents(part: ResponsePart): CanonicalEvent[] {
  const text = textOf(part);
  return [
    { type: 'part-start', part: startOf(part) },
    ...(text === '' ? [] : [{ type: 'part-delta', text } as const]),
    {
      type: 'part-end',
      opaque: 'opaque' in part ? (part.opaque ?? null) : null,
      citations: part.type === 'text' ? part.citations : [],
    },
  ];
}

function textOf(part: ResponsePart): string {
  if (part.type === 'native') return '';
  return part.type === 'tool-call' ? part.argumentsText : part.text;
}

function startOf(part: ResponsePart): PartStart {
  if (part.type === 'native') return part;
  if (part.type !== 'tool-call') return { type: part.type };
  const { type, id, name, namespace, isFreeform, opaque } = part;
  return {
    type,
    id,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(isFreeform === undefined ? {} : { isFreeform }),
    ...(opaque === undefined ? {} : { opaque }),
  };
}
