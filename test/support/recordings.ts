import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** One exchange with a real provider, as an open-source test suite recorded it. */
export interface RecordedExchange {
  readonly id: string;
  readonly streamed: boolean;
  readonly request: { readonly method: string; readonly path: string; readonly body: unknown };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

/** Beside the project, unless `SPILLWAY_RECORDINGS` names another folder. */
const folder =
  process.env['SPILLWAY_RECORDINGS'] ??
  fileURLToPath(new URL('../../../shared/recordings', import.meta.url));

/** All recorded exchanges of a protocol; none where the recordings are not there. */
export function readRecordings(protocol: string): RecordedExchange[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(`.${protocol}.jsonl.gz`))
    .sort()
    .flatMap((name) =>
      gunzipSync(readFileSync(`${folder}/${name}`))
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as RecordedExchange),
    );
}
