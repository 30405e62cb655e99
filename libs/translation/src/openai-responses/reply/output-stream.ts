import { asRecord, textAt, tryParse } from '../../shared/json/json-access.js';
import type { JsonText } from '../../shared/json/write-json.js';
import type { OutputItem } from '../wire.js';

/** Takes an event without its number. */
export type Emit = (type: string, members: object) => void;

/** Place and name of an item that is being written. */
export interface ItemSlot {
  readonly id: string;
  readonly index: number;
}

/** The `output` list while it grows: one item after the other. */
export class OutputStream {
  readonly #items: OutputItem[] = [];
  readonly #foreignIds = new Set<string>();
  #count = 0;

  /** @param base what the ids of this answer's items have in common */
  constructor(
    private readonly base: string,
    private readonly emit: Emit,
  ) {}

  /** The items that are done. */
  get items(): readonly OutputItem[] {
    return this.#items;
  }

  /** @param prefix of the id, as OpenAI has them: `msg`, `rs`, `fc`, `ctc` */
  nextSlot(prefix: string): ItemSlot {
    const index = this.#count;
    this.#count += 1;
    return { id: `${prefix}_${this.base}_${index}`, index };
  }

  added(slot: ItemSlot, item: OutputItem): void {
    this.emit('response.output_item.added', { output_index: slot.index, item });
  }

  done(slot: ItemSlot, item: OutputItem): void {
    this.#items.push(item);
    this.emit('response.output_item.done', { output_index: slot.index, item });
  }

  /** An item of OpenAI's own, with the id it has; one without, or told again, is left out. */
  whole(item: JsonText): void {
    const id = textAt(asRecord(tryParse(item.json)), 'id');
    if (id === null || this.#foreignIds.has(id)) return;
    this.#foreignIds.add(id);
    const slot = this.nextSlot('item');
    this.added(slot, item);
    this.done(slot, item);
  }

  /** An event inside an item. */
  event(slot: ItemSlot, type: string, members: object): void {
    this.emit(`response.${type}`, { item_id: slot.id, output_index: slot.index, ...members });
  }
}
