import { isAbsolute } from 'node:path';
import type { EngineProtocol } from '../../engine-preset.js';
import { USUAL_ABANDONED_WORK_MS } from '../../engine-traits.js';
import type { ModelForm } from '../../engine-traits.js';
import type { CustomEngine } from './custom-engine.js';
import { placeholders, unknownPlaceholders } from './fill-placeholders.js';

const NAME = /^[a-z0-9][a-z0-9-]{0,23}$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Other users of the machine may read what a process was started with. */
const SECRET = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i;
const MAX_ARGS = 200;
const ABANDONED_RANGE = [1000, 60 * 60_000] as const;
const MODEL_FORMS: readonly ModelForm[] = [
  'gguf-file',
  'model-folder',
  'models-folder',
  'model-name',
  'none',
];
const PROTOCOLS: readonly EngineProtocol[] = [
  'openai-chat',
  'openai-completions',
  'openai-embeddings',
  'anthropic-messages',
];
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Collects what is wrong with one entry, so that its owner can mend it in one go. */
class Reader {
  readonly faults: string[] = [];
  readonly #seen = new Set<string>();

  constructor(private readonly entry: Readonly<Record<string, unknown>>) {}

  text(field: string, rule: (value: string) => string | null, fallback?: string): string {
    const value = this.#take(field) ?? fallback;
    const wrong = typeof value === 'string' ? rule(value) : 'must be a text';
    if (wrong !== null) this.faults.push(`"${field}" ${wrong}`);
    return typeof value === 'string' ? value : '';
  }

  number(field: string, [least, most]: readonly [number, number], fallback: number): number {
    const value = this.#take(field) ?? fallback;
    const isFine = Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
    if (!isFine) this.faults.push(`"${field}" must be a whole number from ${least} to ${most}`);
    return Number(value);
  }

  flag(field: string, fallback: boolean): boolean {
    const value = this.#take(field) ?? fallback;
    if (typeof value !== 'boolean') this.faults.push(`"${field}" must be true or false`);
    return value === true;
  }

  texts(field: string, most: number): string[] {
    const value = this.#take(field) ?? [];
    const isFine = Array.isArray(value) && value.length <= most && value.every(isPlainText);
    if (isFine) return value as string[];
    this.faults.push(`"${field}" must be a list of at most ${most} texts`);
    return [];
  }

  oneOf<T extends string>(field: string, allowed: readonly T[], fallback: T): T {
    const value = this.#take(field) ?? fallback;
    const found = allowed.find((each) => each === value);
    if (found === undefined) this.faults.push(`"${field}" must be one of ${allowed.join(', ')}`);
    return found ?? fallback;
  }

  someOf<T extends string>(field: string, allowed: readonly T[], fallback: readonly T[]): T[] {
    const value = this.#take(field) ?? fallback;
    const list = Array.isArray(value) ? (value as unknown[]) : [];
    const found = allowed.filter((each) => list.includes(each));
    if (list.length === 0 || found.length !== list.length) {
      this.faults.push(`"${field}" must be a list of ${allowed.join(', ')}`);
    }
    return found;
  }

  texted(field: string): Record<string, string> {
    const value = this.#take(field) ?? {};
    if (typeof value !== 'object' || value === null || !Object.values(value).every(isPlainText)) {
      this.faults.push(`"${field}" must be an object of texts`);
      return {};
    }
    return value as Record<string, string>;
  }

  noteUnknown(): void {
    const unknown = Object.keys(this.entry).filter((field) => !this.#seen.has(field));
    if (unknown.length > 0) this.faults.push(`there is no field "${unknown.join('", "')}"`);
  }

  #take(field: string): unknown {
    this.#seen.add(field);
    return Object.hasOwn(this.entry, field) ? this.entry[field] : undefined;
  }
}

function isPlainText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}

/** Turns one entry of the file into an engine, or into what is wrong with it. Touches nothing. */
export function parseCustomEngine(name: string, entry: unknown): CustomEngine | string[] {
  if (!NAME.test(name)) {
    return ['its name must have 1 to 24 small letters, digits or - and begin with no -'];
  }
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    return ['it must be an object'];
  }
  const reader = new Reader(entry as Record<string, unknown>);
  const engine: CustomEngine = {
    id: `custom-${name}`,
    title: reader.text('title', (text) => (text.length > 60 ? 'is too long' : null), name),
    command: reader.text('command', (text) =>
      isAbsolute(text) && isPlainText(text) ? null : 'must be the absolute path of a program',
    ),
    args: reader.texts('args', MAX_ARGS),
    env: reader.texted('env'),
    modelForm: reader.oneOf('modelForm', MODEL_FORMS, 'gguf-file'),
    protocols: reader.someOf('protocols', PROTOCOLS, ['openai-chat']),
    readinessPath: reader.text(
      'readinessPath',
      (text) => (/^\/[\x21-\x7e]*$/.test(text) ? null : 'must be a path that begins with /'),
      '/health',
    ),
    servedModel: reader.text('servedModel', () => null, '{instanceId}'),
    stopSignals: reader.someOf('stopSignals', SIGNALS, ['SIGTERM']),
    stopGraceMs: reader.number('stopGraceMs', [0, 120_000], 10_000),
    cancelsOnDisconnect: reader.flag('cancelsOnDisconnect', true),
    abandonedWorkMs: reader.number('abandonedWorkMs', ABANDONED_RANGE, USUAL_ABANDONED_WORK_MS),
  };
  reader.noteUnknown();
  const faults = [...reader.faults, ...templateFaults(engine), ...environmentFaults(engine)];
  return faults.length > 0 ? faults : engine;
}

function templateFaults({ args, env, servedModel }: CustomEngine): string[] {
  const templates = [...args, ...Object.values(env), servedModel];
  const unknown = [...new Set(templates.flatMap(unknownPlaceholders))];
  const faults = unknown.map(
    (word) => `${word} is not known; use one of ${placeholders.join(', ')}`,
  );
  const hasPort = [...args, ...Object.values(env)].some((text) => text.includes('{port}'));
  return hasPort ? faults : [...faults, 'neither "args" nor "env" says where {port} goes'];
}

function environmentFaults({ env }: CustomEngine): string[] {
  return Object.keys(env).flatMap((name) => {
    if (!VARIABLE.test(name)) return [`"env" has a name that is none: "${name}"`];
    if (name.startsWith('SPILLWAY_')) return [`"env" may not set ${name}, which is the gateway's`];
    if (!SECRET.test(name)) return [];
    return [`"env" may not hold secrets such as ${name}: keep them in a file the program reads`];
  });
}
