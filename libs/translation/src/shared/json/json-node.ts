export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/**
 * A value in a JSON text that knows where it stands. `isRead` marks what a decoder has taken notice of, so
 * that the rest can be accounted for.
 */
export class JsonNode {
  isRead = false;
  /** Taken as a whole, with everything in it. */
  isTaken = false;
  private decoded: string | null = null;

  constructor(
    readonly kind: JsonKind,
    private readonly source: string,
    readonly start: number,
    readonly end: number,
    /** Of an object; the last of repeated keys wins, as in JSON.parse. */
    readonly members: ReadonlyMap<string, JsonNode> | null,
    readonly items: readonly JsonNode[] | null,
  ) {}

  /** A string that its reader has decoded already, to see that it can be. */
  static string(source: string, start: number, end: number, decoded: string): JsonNode {
    const node = new JsonNode('string', source, start, end, null, null);
    node.decoded = decoded;
    return node;
  }

  /** The text of the value as it was written. */
  get json(): string {
    return this.source.slice(this.start, this.end);
  }

  /** The decoded value of a string, number, boolean or null; null for containers. */
  get value(): string | number | boolean | null {
    switch (this.kind) {
      case 'string':
        return this.decoded;
      case 'number':
        return Number(this.json);
      case 'boolean':
        return this.source.charCodeAt(this.start) === 0x74;
      default:
        return null;
    }
  }
}
