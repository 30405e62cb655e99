import type { CanonicalEvent } from '../../canonical/stream-event.js';
import { asRecord, recordAt, textAt, type JsonRecord } from '../../shared/json/json-access.js';
import { JsonProgress } from '../../shared/json/json-progress.js';
import type { OpenPart, PartSequencer } from '../../shared/stream/part-sequencer.js';
import { argumentsTextOf } from '../decode-response.js';

interface ToolCall {
  id: string | null;
  name: string | null;
  /** null until the name is known. */
  part: OpenPart | null;
  readonly early: string[];
  readonly progress: JsonProgress;
}

/** What one delta says about a call. */
interface CallDelta {
  readonly index: number | null;
  readonly id: string | null;
  readonly name: string | null;
  readonly text: string;
  readonly isFreeform: boolean;
}

/**
 * Tells apart the tool calls of a stream, whatever the dialect: deltas without index or id, all calls under
 * index 0 (Gemini's and Ollama's compatible endpoints), id and name repeated in every delta (Scaleway,
 * mlx-openai-server), whole calls in one delta (Mistral), names that come late.
 */
export class ToolCallAssembler {
  readonly #calls: ToolCall[] = [];
  readonly #byIndex = new Map<number, ToolCall>();

  constructor(private readonly sequencer: PartSequencer) {}

  get count(): number {
    return this.#calls.length;
  }

  /** A call whose name never came cannot be run. */
  get hasNamelessCall(): boolean {
    return this.#calls.some((call) => call.part === null);
  }

  push(value: unknown, out: CanonicalEvent[], beforeOpen: () => void): void {
    const wire = asRecord(value);
    if (wire === null) return;
    const delta = readDelta(wire);
    const call = this.#find(delta) ?? this.#begin(delta);
    call.id ??= delta.id;
    call.name ??= delta.name;
    if (!delta.isFreeform) call.progress.push(delta.text);
    if (call.part === null) {
      call.early.push(delta.text);
      if (call.name === null) return;
      beforeOpen();
      const { id, name } = call;
      const kind = delta.isFreeform ? { isFreeform: true } : {};
      call.part = this.sequencer.open({ type: 'tool-call', id, name, ...kind }, out);
      this.sequencer.append(call.part, call.early.join(''), out);
    } else {
      this.sequencer.append(call.part, delta.text, out);
    }
  }

  /** Ends the calls whose arguments are whole, so that what follows need not wait for the finish. */
  closeComplete(out: CanonicalEvent[]): void {
    for (const { part, progress } of this.#calls) {
      if (part !== null && !part.isClosed && progress.isComplete) this.sequencer.close(part, out);
    }
  }

  #find(delta: CallDelta): ToolCall | null {
    const { index, id } = delta;
    const sameIndex = index === null ? undefined : this.#byIndex.get(index);
    if (index !== null && sameIndex === undefined) return null;
    const sameId = id === null ? undefined : this.#calls.findLast((call) => call.id === id);
    if (sameIndex === undefined) {
      if (sameId !== undefined) return sameId;
      const last = this.#calls.at(-1);
      return last === undefined || startsAnother(last, delta) ? null : last;
    }
    return startsAnother(sameIndex, delta) ? (sameId ?? null) : sameIndex;
  }

  #begin({ index, id, name }: CallDelta): ToolCall {
    const call: ToolCall = { id, name, part: null, early: [], progress: new JsonProgress() };
    this.#calls.push(call);
    if (index !== null) this.#byIndex.set(index, call);
    return call;
  }
}

/**
 * By id first. Without one, a name begins a new call when it differs, or when arguments follow it although
 * those of the call are whole.
 */
function startsAnother(call: ToolCall, { id, name, text }: CallDelta): boolean {
  if (id !== null && call.id !== null) return id !== call.id;
  if (name === null || call.name === null) return false;
  return name !== call.name || (call.progress.isComplete && text !== '');
}

function readDelta(wire: JsonRecord): CallDelta {
  const freeform = recordAt(wire, 'custom');
  const target = freeform ?? recordAt(wire, 'function');
  const index = wire['index'];
  return {
    index: typeof index === 'number' ? index : null,
    id: textAt(wire, 'id'),
    name: textAt(target, 'name'),
    text: argumentsTextOf(target?.[freeform === null ? 'arguments' : 'input']),
    isFreeform: freeform !== null,
  };
}
