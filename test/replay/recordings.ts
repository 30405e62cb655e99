import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** One recorded request with its answer, as a gateway would have seen them. */
export interface Exchange {
  readonly id: string;
  readonly source: string;
  readonly protocol: string;
  readonly streamed: boolean;
  readonly provider: string;
  readonly request: { readonly method: string; readonly path: string; readonly body: unknown };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

/** Recordings of a protocol hold calls of neighbouring endpoints too, e.g. batches and token counts. */
const endpoints: Readonly<Record<string, RegExp>> = {
  'anthropic-messages': /^(?!.*\/threads\/).*\/messages$/,
  'gemini-generate': /:(?:generateContent|streamGenerateContent)$/,
  'openai-chat': /\/chat\/completions$/,
  'openai-responses': /\/responses$/,
  'openai-completions': /^(?!.*\/chat\/).*\/completions$/,
  'openai-embeddings': /(?<!\/api)\/embeddings$/,
};

export function isInference({ protocol, request }: Exchange): boolean {
  const path = request.path.split('?')[0] ?? '';
  const isBody = typeof request.body === 'object' && request.body !== null;
  return isBody && endpoints[protocol]?.test(path) === true;
}

/** Beside the project, unless `SPILLWAY_RECORDINGS` says where; null where there are none. */
export function recordingsFolder(): string | null {
  const beside = fileURLToPath(new URL('../../../shared/recordings', import.meta.url));
  const folder = process.env['SPILLWAY_RECORDINGS'] ?? beside;
  return existsSync(folder) ? folder : null;
}

/** Every exchange of every `*.jsonl.gz`, in the order of names and lines. */
export function readRecordings(folder: string): Exchange[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl.gz'))
    .sort()
    .flatMap((name) =>
      gunzipSync(readFileSync(join(folder, name)))
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Exchange),
    );
}
