/** How an answer goes wrong. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds: number | null }
  | { readonly kind: 'context-too-long' | 'echo-secret' | 'redirect' }
  | { readonly kind: 'hang-headers' | 'cut-before-headers' | 'refuse' }
  | { readonly kind: 'hang-mid' | 'cut-mid' | 'fin-no-terminator' | 'close-after' }
  | { readonly kind: 'error-first-event' | 'error-mid' }
  | { readonly kind: 'invalid-json' | 'html' | 'empty' | 'gzip' | 'wrong-content-type' }
  | { readonly kind: 'split-bytes' | 'huge-line' };

export type Topic =
  'hello' | 'long' | 'weather' | 'two-tools' | 'no-arguments' | 'reasoning' | 'given-call';
export type UsageReport = 'true' | 'none' | 'negative' | 'cached';

/** What an upstream does with one request; chosen by the name of the model. */
export interface Script {
  readonly topic: Topic;
  /** Words of a `long` answer. */
  readonly words: number;
  /** What a `given-call` calls, and the JSON text of its arguments. */
  readonly call: { readonly name: string; readonly arguments: string };
  /** Before the first byte, or before the whole answer when it is not streamed. */
  readonly firstMs: number;
  /** Between two pieces of output. */
  readonly betweenMs: number;
  readonly usage: UsageReport;
  readonly fault: Fault | null;
}

const plain: Script = {
  topic: 'hello',
  words: 0,
  call: { name: '', arguments: '' },
  firstMs: 0,
  betweenMs: 0,
  usage: 'true',
  fault: null,
};

const faulty = (fault: Fault): Partial<Script> => ({ topic: 'long', words: 12, fault });
const named = (kind: Exclude<Fault['kind'], 'status'>) => (): Partial<Script> => faulty({ kind });

/** Model names, as whole patterns, and what they make the upstream do. */
const scripts: readonly (readonly [RegExp, (found: readonly string[]) => Partial<Script>])[] = [
  [/^say-hello$/, () => ({})],
  [/^claude-[\w.-]+$|^gpt-[\w.-]+$/, () => ({})],
  [/^long-(\d+)$/, ([, words]) => ({ topic: 'long', words: Number(words) })],
  [
    /^slow-(\d+)ms(?:-(\d+))?$/,
    ([, ms, words]) => ({ topic: 'long', words: Number(words ?? 20), betweenMs: Number(ms) }),
  ],
  [/^late-(\d+)ms$/, ([, ms]) => ({ firstMs: Number(ms) })],
  [/^tool-weather$/, () => ({ topic: 'weather' })],
  [/^tool-two$/, () => ({ topic: 'two-tools' })],
  [/^tool-no-arguments$/, () => ({ topic: 'no-arguments' })],
  [
    /^call-(\w+)-([\w-]*)$/,
    ([, name = '', encoded = '']) => ({
      topic: 'given-call',
      call: { name, arguments: Buffer.from(encoded, 'base64url').toString('utf8') },
    }),
  ],
  [/^think-first$/, () => ({ topic: 'reasoning' })],
  [/^no-usage$/, () => ({ usage: 'none' })],
  [/^negative-usage$/, () => ({ usage: 'negative' })],
  [/^cached-usage$/, () => ({ usage: 'cached' })],
  [
    /^status-(\d{3})(?:-retry-(\d+))?$/,
    ([, status, seconds]) => ({
      fault: {
        kind: 'status',
        status: Number(status),
        retryAfterSeconds: seconds === undefined ? null : Number(seconds),
      },
    }),
  ],
  [/^redirect-307$/, named('redirect')],
  [/^html-200$/, named('html')],
  [/^empty-200$/, named('empty')],
  [/^context-too-long$/, named('context-too-long')],
  [/^echo-secret$/, named('echo-secret')],
  [/^refuse$/, named('refuse')],
  [/^hang-headers$/, named('hang-headers')],
  [/^cut-before-headers$/, named('cut-before-headers')],
  [/^hang-mid$/, named('hang-mid')],
  [/^cut-mid$/, named('cut-mid')],
  [/^fin-no-terminator$/, named('fin-no-terminator')],
  [/^close-after$/, named('close-after')],
  [/^error-first-event$/, named('error-first-event')],
  [/^error-mid$/, named('error-mid')],
  [/^invalid-json$/, named('invalid-json')],
  [/^gzip$/, named('gzip')],
  [/^wrong-content-type$/, named('wrong-content-type')],
  [/^split-bytes$/, named('split-bytes')],
  [/^huge-line$/, named('huge-line')],
];

/** The script of a model name; null for a model that this upstream does not have. */
export function scriptOf(model: string): Script | null {
  for (const [pattern, build] of scripts) {
    const found = pattern.exec(model);
    if (found !== null) return { ...plain, ...build(found) };
  }
  return null;
}

/** Models the upstream lists. */
export const listedModels = ['say-hello', 'long-20', 'slow-50ms', 'tool-weather'] as const;

/** Name of a model that calls this tool with these arguments, whatever it is asked. */
export function callingModel(name: string, jsonArguments: string): string {
  return `call-${name}-${Buffer.from(jsonArguments).toString('base64url')}`;
}
