import type { CanonicalRequest } from '../../canonical/request.js';
import type { ProtocolId, WireProtocolId } from '../../protocol.js';
import { JsonText } from '../../shared/json/write-json.js';

/** Fields that the canonical form has no place for, but this protocol has: those of its own callers above all. */
export class OwnFields {
  readonly #fields = new Map<string, string>();
  readonly #protocol: WireProtocolId;
  readonly #placed = new Set<string>();

  constructor({ protocol, leftovers }: CanonicalRequest) {
    this.#protocol = protocol;
    for (const { path, raw } of leftovers) this.#fields.set(path, raw.json);
  }

  /** Paths that were taken. */
  get placed(): ReadonlySet<string> {
    return this.#placed;
  }

  /** The value at this path of a request in that protocol, to be written somewhere. */
  take(protocol: ProtocolId, path: string): JsonText | undefined {
    const json = protocol === this.#protocol ? this.#fields.get(path) : undefined;
    if (json === undefined) return undefined;
    this.#placed.add(path);
    return new JsonText(json);
  }

  /** All entries of a list of the caller's that no one has read. */
  takeEntries(protocol: ProtocolId, list: string): JsonText[] {
    const paths = [...this.#fields.keys()].filter((path) => path.startsWith(`${list}[`));
    return paths.map((path) => this.take(protocol, path)).filter((text) => text !== undefined);
  }
}
