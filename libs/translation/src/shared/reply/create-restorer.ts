import type { CanonicalResponse } from '../../canonical/response.js';
import type { CanonicalEvent, PartStart } from '../../canonical/stream-event.js';
import { collectStream } from '../stream/collect-stream.js';
import { FreeformInput } from './freeform-input.js';
import { responseEvents } from './response-events.js';
import type { Restoration } from './restoration.js';
import { StopCutter } from './stop-cutter.js';
import { flatMap } from '../flat-map.js';

/** Bends an answer back to what the caller asked for: one event in, none or several out. */
export type Restorer = (event: CanonicalEvent) => CanonicalEvent[];

type EventOf<T extends CanonicalEvent['type']> = Extract<CanonicalEvent, { type: T }>;

interface RestorerState {
  readonly restoration: Restoration;
  readonly cutter: StopCutter;
  part: PartStart | null;
  freeform: FreeformInput | null;
}

/** Between a stream decoder and an encoder. The order of events stays strict. */
export function createRestorer(restoration: Restoration): Restorer {
  if (restoration.tools.size === 0 && restoration.stopSequences.length === 0)
    return (event) => [event];
  const state: RestorerState = {
    restoration,
    cutter: new StopCutter(restoration.stopSequences),
    part: null,
    freeform: null,
  };
  return (event) => restoreEvent(state, event);
}

/** The same for a whole answer. */
export function restoreResponse(
  response: CanonicalResponse,
  restoration: Restoration,
): CanonicalResponse {
  const restore = createRestorer(restoration);
  return collectStream(flatMap(responseEvents(response), restore));
}

function restoreEvent(state: RestorerState, event: CanonicalEvent): CanonicalEvent[] {
  switch (event.type) {
    case 'part-start':
      return startPart(state, event);
    case 'part-delta':
      return restoreDelta(state, event);
    case 'part-end':
      return endPart(state, event);
    case 'response-end':
      return [endResponse(state, event)];
    default:
      return [event];
  }
}

function startPart(state: RestorerState, { part }: EventOf<'part-start'>): CanonicalEvent[] {
  // behind a stop string the model should have been silent
  if (state.cutter.hit !== null) return [];
  state.part = part;
  if (part.type !== 'tool-call') return [{ type: 'part-start', part }];
  const tool = state.restoration.tools.get(part.name);
  if (tool === undefined) return [{ type: 'part-start', part }];
  // a target that knows such tools sends plain text
  if (tool.isFreeform && part.isFreeform !== true) state.freeform = new FreeformInput();
  return [{ type: 'part-start', part: { ...part, ...tool } }];
}

function restoreDelta(state: RestorerState, event: EventOf<'part-delta'>): CanonicalEvent[] {
  if (state.part === null) return [];
  if (state.freeform !== null) return deltaOf(state.freeform.push(event.text));
  if (state.part.type !== 'text') return [event];
  return deltaOf(state.cutter.push(event.text));
}

function endPart(state: RestorerState, event: EventOf<'part-end'>): CanonicalEvent[] {
  if (state.part === null) return [];
  const rest = state.freeform?.end() ?? (state.part.type === 'text' ? state.cutter.end() : '');
  state.part = null;
  state.freeform = null;
  return [...deltaOf(rest), event];
}

function endResponse(state: RestorerState, event: EventOf<'response-end'>): CanonicalEvent {
  const { hit } = state.cutter;
  return hit === null ? event : { ...event, finishReason: 'stop-sequence', finishDetail: hit };
}

function deltaOf(text: string): CanonicalEvent[] {
  return text === '' ? [] : [{ type: 'part-delta', text }];
}
