import { GatewayError } from '../../errors/gateway-error.js';
import type { RequestAddress, RequestEnvelope } from '../../protocol.js';
import { decodeNumber, decodeUtf8 } from '../json/decode-bytes.js';
import type { JsonKind } from '../json/json-node.js';
import { describePosition, JsonSyntaxError } from '../json/json-syntax-error.js';
import { asRecord, tryParse, type JsonRecord } from '../json/json-access.js';
import { scanJson, type ScannedMember } from '../json/scan-json.js';
import { flatMap } from '../flat-map.js';

/** What a known top-level field must be. Optional fields may also be null. */
export interface EnvelopeField {
  readonly kinds: readonly JsonKind[];
  /** For the message: "`messages` must be …". */
  readonly expected: string;
  readonly isRequired?: boolean;
  /** For numbers: must be an integer of at least so much. */
  readonly minimum?: number;
  /** For booleans that may not be true: why not. */
  readonly onlyFalse?: string;
}

export type EnvelopeFields = Readonly<Record<string, EnvelopeField>>;

export interface EnvelopeRules {
  readonly fields: EnvelopeFields;
  /** Names of the fields that limit the output; the first one present counts. */
  readonly outputLimits: readonly string[];
  /** Where the limit stands inside of a member: the spellings of the member, and of the limit in it. */
  readonly nestedOutputLimit?: {
    readonly members: readonly string[];
    readonly names: readonly string[];
  };
  /** Does every stream of this protocol carry usage, asked or not? */
  readonly alwaysSendsUsage: boolean;
  /** Small fields whose values are kept for later. */
  readonly kept?: readonly string[];
}

/** The fields under the lengths of their names: most members are told apart by that alone. */
type FieldsByLength = readonly (Fields | undefined)[];
type Fields = readonly (readonly [name: string, field: EnvelopeField])[];
const nothing: Fields = [];

/** Prepared once per protocol, since it is needed for every request. */
export function compileEnvelopeReader(
  rules: EnvelopeRules,
): (body: Uint8Array, address?: RequestAddress | null) => RequestEnvelope {
  const byLength: [string, EnvelopeField][][] = [];
  for (const entry of Object.entries(rules.fields)) (byLength[entry[0].length] ??= []).push(entry);
  const required = Object.entries(rules.fields).filter(([, field]) => field.isRequired === true);
  return (body, address = null) => {
    const members = knownMembers(body, byLength);
    for (const [name, field] of required) {
      if (!members.has(name)) throw missing(name, field.expected);
    }
    return envelopeOf(body, members, rules, address);
  };
}

/** Two of these would let what we check differ from what the upstream obeys. */
const uniqueFields = new Set([
  'model',
  'stream',
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'generationConfig',
  'generation_config',
  'max_output_tokens',
]);

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };
type Members = ReadonlyMap<string, ScannedMember>;

function envelopeOf(
  body: Uint8Array,
  members: Members,
  rules: EnvelopeRules,
  address: RequestAddress | null,
): RequestEnvelope {
  const model = members.get('model');
  if (model === undefined && address === null) throw missing('model', 'a string naming the model');
  const options = members.get('stream_options');
  const streamOptions = options?.kind === 'object' ? readOptions(body, options) : null;
  const tools = members.get('tools');
  const limit = firstNumber(members, rules.outputLimits);
  const envelope: Writable<RequestEnvelope> = {
    model: address?.model ?? (model === undefined ? '' : readModel(body, model)),
    modelSpan: model === undefined ? null : { start: model.valueStart, end: model.valueEnd },
    stream: address?.stream ?? isTrue(body, members.get('stream')),
    maxOutputTokens:
      limit === undefined ? readNestedLimit(body, members, rules) : readNumber(body, limit),
    wantsStreamUsage: rules.alwaysSendsUsage || streamOptions?.['include_usage'] === true,
    streamOptionsSpan:
      options === undefined ? null : { start: options.valueStart, end: options.valueEnd },
    streamOptions,
    insertAt: body.indexOf(0x7b) + 1,
    hasTools: tools?.kind === 'array' && tools.valueEnd - tools.valueStart > '[]'.length,
  };
  // added to the object: V8 takes a slow path for a spread with something behind it
  if (rules.kept !== undefined) envelope.kept = keptValues(body, members, rules.kept);
  return envelope;
}

function firstNumber(members: Members, names: readonly string[]): ScannedMember | undefined {
  for (const name of names) {
    const member = members.get(name);
    if (member?.kind === 'number') return member;
  }
  return undefined;
}

function keptValues(
  body: Uint8Array,
  members: Members,
  names: readonly string[],
): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name of names) {
    const member = members.get(name);
    if (member !== undefined)
      kept[name] = tryParse(decodeUtf8(body, member.valueStart, member.valueEnd));
  }
  return kept;
}

/** The largest limit that any spelling of it sets, since that is what the answer may cost. */
function readNestedLimit(
  body: Uint8Array,
  members: Members,
  { nestedOutputLimit }: EnvelopeRules,
): number | null {
  if (nestedOutputLimit === undefined) return null;
  const found = nestedOutputLimit.members.filter((name) => members.has(name));
  const [name, second] = found;
  if (second !== undefined)
    throw invalidValue(second, `is the same as \`${name ?? ''}\`; send one of them`);
  const member = name === undefined ? undefined : members.get(name);
  if (name === undefined || member?.kind !== 'object') return null;
  const values = readOptions(body, member);
  const limits = flatMap(nestedOutputLimit.names, (limitName) => {
    const value = values?.[limitName] ?? null;
    if (value === null) return [];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return [value];
    throw invalidValue(`${name}.${limitName}`, 'must be a positive integer');
  });
  return limits.length === 0 ? null : Math.max(...limits);
}

function invalidValue(path: string, problem: string): GatewayError {
  return new GatewayError('invalid_request', `\`${path}\` ${problem}.`, { path });
}

/** The members we know, each of the right kind. */
function knownMembers(body: Uint8Array, byLength: FieldsByLength): Members {
  const known = new Map<string, ScannedMember>();
  for (const member of scan(body)) {
    const entry = knownField(body, member, byLength);
    if (entry === undefined) continue;
    const [name, field] = entry;
    if (known.has(name) && uniqueFields.has(name)) {
      throw new GatewayError(
        'invalid_request',
        `\`${name}\` is given more than once; send it once.`,
        {
          path: name,
        },
      );
    }
    checkField(body, name, field, member);
    known.set(name, member);
  }
  return known;
}

function knownField(
  body: Uint8Array,
  { keyStart, keyEnd }: ScannedMember,
  byLength: FieldsByLength,
): readonly [string, EnvelopeField] | undefined {
  const start = keyStart + 1;
  // the usual names without a closure for each member of each request
  for (const entry of byLength[keyEnd - 1 - start] ?? nothing) {
    if (isNameAt(body, start, entry[0])) return entry;
  }
  const decoded = decodedName(body, start, keyEnd - 1);
  return decoded === null
    ? undefined
    : byLength[decoded.length]?.find(([name]) => name === decoded);
}

function isNameAt(body: Uint8Array, start: number, name: string): boolean {
  for (let at = 0; at < name.length; at += 1) {
    if (body[start + at] !== name.charCodeAt(at)) return false;
  }
  return true;
}

function scan(body: Uint8Array): ScannedMember[] {
  try {
    return scanJson(body);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    if (body.length === 0) {
      throw new GatewayError('invalid_request', 'The request body is empty; send a JSON object.');
    }
    const where = describePosition(error.position, (index) => body[index] === 0x0a);
    throw new GatewayError(
      'invalid_request',
      `The request body is not valid JSON: expected ${error.expected} at ${where}.`,
    );
  }
}

/** A name written with escapes: to JSON, `"mod\u0065l"` is `model`. */
function decodedName(body: Uint8Array, start: number, end: number): string | null {
  const name = hasBackslash(body, start, end)
    ? tryParse(`"${decodeUtf8(body, start, end)}"`)
    : null;
  return typeof name === 'string' ? name : null;
}

function hasBackslash(body: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if (body[at] === 0x5c) return true;
  }
  return false;
}

function checkField(
  body: Uint8Array,
  name: string,
  field: EnvelopeField,
  member: ScannedMember,
): void {
  if (member.kind === 'null' && field.isRequired !== true) return;
  if (!field.kinds.includes(member.kind)) {
    const article = /^[aeiou]/.test(member.kind) ? 'an' : 'a';
    const found = member.kind === 'null' ? 'null' : `${article} ${member.kind}`;
    throw new GatewayError(
      'invalid_request',
      `\`${name}\` must be ${field.expected}, but is ${found}.`,
      {
        path: name,
      },
    );
  }
  if (field.onlyFalse !== undefined && isTrue(body, member))
    throw invalidValue(name, `must be false: ${field.onlyFalse}`);
  if (field.minimum === undefined || member.kind !== 'number') return;
  const value = readNumber(body, member);
  if (Number.isSafeInteger(value) && value >= field.minimum) return;
  throw new GatewayError(
    'invalid_request',
    `\`${name}\` must be ${field.expected}, but is ${value}.`,
    {
      path: name,
    },
  );
}

function missing(name: string, expected: string): GatewayError {
  return new GatewayError('invalid_request', `\`${name}\` is missing: it must be ${expected}.`, {
    path: name,
  });
}

function readModel(body: Uint8Array, member: ScannedMember): string {
  const model = tryParse(decodeUtf8(body, member.valueStart, member.valueEnd));
  if (typeof model === 'string' && model !== '') return model;
  throw new GatewayError(
    'invalid_request',
    '`model` must be a string naming the model, but is empty or malformed.',
    {
      path: 'model',
    },
  );
}

function readOptions(body: Uint8Array, member: ScannedMember): JsonRecord | null {
  return asRecord(tryParse(decodeUtf8(body, member.valueStart, member.valueEnd)));
}

function readNumber(body: Uint8Array, { valueStart, valueEnd }: ScannedMember): number {
  return decodeNumber(body, valueStart, valueEnd);
}

function isTrue(body: Uint8Array, member?: ScannedMember): boolean {
  return member?.kind === 'boolean' && body[member.valueStart] === 0x74;
}
