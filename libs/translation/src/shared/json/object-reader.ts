import type { RawJson } from '../../canonical/content.js';
import { GatewayError } from '../../errors/gateway-error.js';
import type { JsonNode } from './json-node.js';

const kindNames = {
  object: 'an object',
  array: 'an array',
  string: 'a string',
  number: 'a number',
  boolean: 'a boolean',
  null: 'null',
} as const;

/** @throws GatewayError `invalid_request`: "`path` must be X, but is Y." */
function wrongKind(path: string, expected: string, node: JsonNode | undefined): GatewayError {
  const found = node === undefined ? 'missing' : kindNames[node.kind];
  return new GatewayError('invalid_request', `\`${path}\` must be ${expected}, but is ${found}.`, {
    path,
  });
}

/** Finds the name under which a member stands that is not there as named, for protocols with more than one spelling. */
export type Spelling = (name: string, members: ReadonlyMap<string, JsonNode>) => string;

const asNamed: Spelling = (name) => name;

/** A value at a known path of the caller's body. Whatever is read through it counts as noticed. */
export class ValueReader {
  constructor(
    readonly node: JsonNode,
    readonly path: string,
    private readonly spelling: Spelling = asNamed,
  ) {}

  get isString(): boolean {
    return this.node.kind === 'string';
  }

  get isArray(): boolean {
    return this.node.kind === 'array';
  }

  string(expected = 'a string'): string {
    if (this.node.kind !== 'string') throw wrongKind(this.path, expected, this.node);
    this.node.isRead = true;
    return this.node.value as string;
  }

  object(expected = 'an object'): ObjectReader {
    return new ObjectReader(this.node, this.path, expected, this.spelling);
  }

  array(expected = 'an array'): ValueReader[] {
    if (this.node.items === null) throw wrongKind(this.path, expected, this.node);
    this.node.isRead = true;
    return this.node.items.map(
      (item, index) => new ValueReader(item, `${this.path}[${index}]`, this.spelling),
    );
  }

  /** Takes the value as a whole, to be carried as text. */
  raw(): RawJson {
    this.node.isRead = true;
    this.node.isTaken = true;
    return { json: this.node.json, path: this.path };
  }
}

/**
 * Reads the members of an object and remembers which were read. `null` counts as absent everywhere, since
 * clients write it for unset fields. Methods throw GatewayError `invalid_request` with the path.
 */
export class ObjectReader {
  private readonly members: ReadonlyMap<string, JsonNode>;

  constructor(
    readonly node: JsonNode,
    readonly path: string,
    expected = 'an object',
    private readonly spelling: Spelling = asNamed,
  ) {
    if (node.members === null) throw wrongKind(path === '' ? 'body' : path, expected, node);
    node.isRead = true;
    this.members = node.members;
  }

  at(name: string): string {
    return this.pathTo(this.written(name));
  }

  has(name: string): boolean {
    const node = this.member(name);
    return node !== undefined && node.kind !== 'null';
  }

  value(name: string): ValueReader | null {
    let written = name;
    let node = this.members.get(name);
    if (node === undefined) {
      written = this.spelling(name, this.members);
      node = written === name ? undefined : this.members.get(written);
    }
    if (node === undefined) return null;
    if (node.kind !== 'null') return new ValueReader(node, this.pathTo(written), this.spelling);
    node.isRead = true;
    return null;
  }

  string(name: string): string {
    const value = this.value(name);
    if (value === null) throw wrongKind(this.at(name), 'a string', this.member(name));
    return value.string();
  }

  optionalString(name: string): string | null {
    return this.value(name)?.string() ?? null;
  }

  optionalNumber(name: string): number | null {
    const value = this.scalar(name, 'number', 'a number') as number | null;
    // JSON has `1e400`; no model setting has.
    if (value === null || Number.isFinite(value)) return value;
    throw new GatewayError('invalid_request', `\`${this.at(name)}\` is too large a number.`, {
      path: this.at(name),
    });
  }

  optionalInteger(name: string, minimum = 0): number | null {
    const value = this.optionalNumber(name);
    if (value === null || (Number.isSafeInteger(value) && value >= minimum)) return value;
    throw new GatewayError(
      'invalid_request',
      `\`${this.at(name)}\` must be an integer of at least ${minimum}, but is ${value}.`,
      { path: this.at(name) },
    );
  }

  optionalBoolean(name: string): boolean | null {
    return this.scalar(name, 'boolean', 'true or false') as boolean | null;
  }

  object(name: string): ObjectReader {
    const value = this.value(name);
    if (value === null) throw wrongKind(this.at(name), 'an object', this.member(name));
    return value.object();
  }

  optionalObject(name: string): ObjectReader | null {
    return this.value(name)?.object() ?? null;
  }

  optionalArray(name: string, expected?: string): ValueReader[] | null {
    return this.value(name)?.array(expected) ?? null;
  }

  optionalRaw(name: string): RawJson | null {
    return this.value(name)?.raw() ?? null;
  }

  private written(name: string): string {
    return this.members.has(name) ? name : this.spelling(name, this.members);
  }

  private pathTo(written: string): string {
    return this.path === '' ? written : `${this.path}.${written}`;
  }

  private member(name: string): JsonNode | undefined {
    return this.members.get(name) ?? this.members.get(this.spelling(name, this.members));
  }

  private scalar(name: string, kind: string, expected: string): unknown {
    const value = this.value(name);
    if (value === null) return null;
    if (value.node.kind !== kind) throw wrongKind(value.path, expected, value.node);
    value.node.isRead = true;
    return value.node.value;
  }
}
