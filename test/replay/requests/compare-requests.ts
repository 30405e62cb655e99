import { isDeepStrictEqual } from 'node:util';
import type { Restoration, Warning } from '#translation';
import { isSameJson } from '../json-equality.js';
import type {
  OfferedTool,
  RequestedCall,
  RequestReading,
  SettingName,
  Words,
} from './request-reading.js';

/** What the translation admitted: warnings by path, and what it promised to undo in the answer. */
export interface Admission {
  readonly warnings: readonly Pick<Warning, 'path'>[];
  readonly restoration: Restoration;
}

/** Where a translated request says something else than the caller's, unless it was warned of. */
export function compareRequests(
  expected: RequestReading,
  actual: RequestReading,
  admission: Admission,
): string[] {
  const { warnings } = admission;
  return [
    ...compareWords('prompt', expected.prompt, actual.prompt, warnings),
    ...compareWords('spoken', expected.spoken, actual.spoken, warnings),
    ...compareWords('media', expected.media, actual.media, warnings),
    ...compareCalls(expected, actual, admission),
    ...compareResults(expected, actual, warnings),
    ...compareTools(expected.tools, actual.tools, admission),
    ...compareSettings(expected, actual, admission),
  ];
}

export function isWarned(path: string, warnings: Admission['warnings']): boolean {
  return warnings.some((warning) => isAtOrBelow(path, warning.path));
}

/** A warning of a field inside a value speaks for the value. */
export function isTouched(path: string, warnings: Admission['warnings']): boolean {
  return isWarned(path, warnings) || warnings.some((warning) => isAtOrBelow(warning.path, path));
}

/** `tools[].strict` stands for the field of every tool. */
function isAtOrBelow(path: string, top: string): boolean {
  const same = top.includes('[]') ? path.replaceAll(/\[\d+\]/g, '[]') : path;
  return same === top || same.startsWith(`${top}.`) || same.startsWith(`${top}[`);
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

/** Every text is there, in its order; texts of ours may stand between them where a warning says so. */
function compareWords(
  name: string,
  expected: readonly Words[],
  actual: readonly Words[],
  warnings: Admission['warnings'],
): string[] {
  const whole = plain(actual.map(({ text }) => text).join('\n'));
  const length = expected.reduce((sum, { text }) => sum + plain(text).length, 0);
  if (warnings.length === 0 && whole.length !== length)
    return [`${name}: ${length} characters became ${whole.length} without a word`];
  let at = 0;
  for (const { text, path } of expected) {
    const wanted = plain(text);
    const found = whole.indexOf(wanted, at);
    if (found !== -1) {
      at = found + wanted.length;
      continue;
    }
    if (isTouched(path, warnings)) continue;
    return [
      whole.includes(wanted)
        ? `${name}: ${path} is not at its place`
        : `${name}: ${path} is lost, ${JSON.stringify(text.slice(0, 60))}`,
    ];
  }
  return [];
}

function compareCalls(
  expected: RequestReading,
  actual: RequestReading,
  { restoration }: Admission,
): string[] {
  if (expected.calls.length !== actual.calls.length)
    return [`calls: ${expected.calls.length} became ${actual.calls.length}`];
  return expected.calls.flatMap((call, at) => {
    const found = actual.calls[at];
    if (found === undefined) return [];
    const problems: string[] = [];
    if (restoredName(found.name, restoration) !== call.name)
      problems.push(`calls: ${call.name} became ${found.name}`);
    if (!hasArguments(call, found))
      problems.push(`arguments: ${call.path} became ${found.arguments}`);
    return problems;
  });
}

function restoredName(name: string, { tools }: Restoration): string {
  return tools.get(name)?.name ?? name;
}

function hasArguments(call: RequestedCall, found: RequestedCall): boolean {
  return (
    isSameJson(call.arguments, found.arguments) ||
    isSameJson(JSON.stringify({ input: call.arguments }), found.arguments)
  );
}

/** Each result answers the call with the same place in the conversation. */
function compareResults(
  expected: RequestReading,
  actual: RequestReading,
  warnings: Admission['warnings'],
): string[] {
  if (expected.results.length !== actual.results.length)
    return [`results: ${expected.results.length} became ${actual.results.length}`];
  const wanted = byCall(expected);
  const found = byCall(actual);
  for (const [place, { texts, path }] of wanted) {
    const given = plain((found.get(place)?.texts ?? []).join(''));
    const missing = texts.find((text) => !holds(given, text));
    if (missing !== undefined && !isTouched(path, warnings))
      return [`results: ${path} has lost ${JSON.stringify(missing.slice(0, 60))}`];
  }
  return [];
}

/** The text itself, or as it stands inside a JSON string. */
function holds(given: string, text: string): boolean {
  const wanted = plain(text);
  return given.includes(wanted) || given.includes(plain(JSON.stringify(text).slice(1, -1)));
}

/** The results under the places of their calls: by id, by name where there are no ids, by order where neither. */
function byCall({
  calls,
  results,
}: RequestReading): Map<number, RequestReading['results'][number]> {
  const places = new Map<number, RequestReading['results'][number]>();
  let next = 0;
  for (const result of results) {
    const isFree = (place: number): boolean => !places.has(place);
    const byId = calls.findIndex(
      (call, place) => result.id !== null && call.id === result.id && isFree(place),
    );
    const byName = calls.findIndex(
      (call, place) => result.id === null && call.name === result.name && isFree(place),
    );
    while (!isFree(next)) next += 1;
    const found = [byId, byName].find((place) => place !== -1);
    places.set(found ?? next, result);
  }
  return places;
}

function compareTools(
  expected: readonly OfferedTool[],
  actual: readonly OfferedTool[],
  { warnings, restoration }: Admission,
): string[] {
  return expected.flatMap((tool) => {
    const found = actual.find(
      ({ name }) => name === tool.name || restoration.tools.get(name)?.name === tool.name,
    );
    if (found === undefined)
      return isTouched(tool.path, warnings) || isWarned('tool_choice', warnings)
        ? []
        : [`tools: ${tool.name} is lost`];
    const problems: string[] = [];
    if (!found.description.includes(tool.description) && !isTouched(tool.path, warnings))
      problems.push(`tools: the description of ${tool.name} is lost`);
    if (!isSameSchema(tool.schema, found.schema) && !isTouched(tool.path, warnings))
      problems.push(`tools: the schema of ${tool.name} has changed`);
    return problems;
  });
}

/** Google's dialect writes types in capitals and `nullable` for a type; without parameters an empty object is written for nothing. */
function isSameSchema(expected: unknown, actual: unknown): boolean {
  if (expected === null) {
    const properties = (actual as { properties?: object } | null)?.properties ?? {};
    return Object.keys(properties).length === 0;
  }
  return isDeepStrictEqual(lowered(expected), lowered(actual));
}

/** Its SDKs send the numbers of the types as well. */
const googleTypes = 'unspecified string number integer boolean array object null'.split(' ');

function lowered(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(lowered);
  if (typeof schema !== 'object' || schema === null) return schema;
  // the dialect is named for readers alone
  const { nullable, $schema: _, ...members } = schema as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => {
      const word = typeof value === 'number' ? googleTypes[value] : value;
      if (name !== 'type' || typeof word !== 'string') return [name, lowered(value)];
      const type = word.toLowerCase();
      return [name, nullable === true ? [type, 'null'] : type];
    }),
  );
}

function compareSettings(
  expected: RequestReading,
  actual: RequestReading,
  { warnings, restoration }: Admission,
): string[] {
  return Object.entries(expected.settings).flatMap(([name, { value, path }]) => {
    const found = actual.settings[name as SettingName]?.value;
    const isKept = isDeepStrictEqual(lowered(value), lowered(found)) || isTouched(path, warnings);
    const isCutHere = name === 'stops' && isDeepStrictEqual(value, [...restoration.stopSequences]);
    const isDefault = isMeaningless(name as SettingName, value, expected);
    return isKept || isCutHere || isDefault
      ? []
      : [`settings: ${path} ${JSON.stringify(value)} became ${JSON.stringify(found)}`];
  });
}

/** Says what holds anyway. */
function isMeaningless(name: SettingName, value: unknown, { tools }: RequestReading): boolean {
  if (name === 'presencePenalty' || name === 'frequencyPenalty') return value === 0;
  if (name === 'stops') return Array.isArray(value) && value.length === 0;
  if (name === 'choice') return value === 'auto' || tools.length === 0;
  return name === 'isSerial' && tools.length === 0;
}
