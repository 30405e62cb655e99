import type { HubFile } from '#adapters';
import { matchesPattern } from './matches-pattern.js';
import { DownloadError } from '../download-failure.js';

const maxFiles = 2_000;
/** Longer ones are no names of model files, and cost time to look at. */
const maxPathLength = 4_096;
/** Code, formats that may hold code, and weights that no engine here takes. */
const neverFetched =
  /\.(bin|pt|pth|ckpt|pkl|pickle|h5|keras|msgpack|onnx|onnx_data|tflite|ot|npz|joblib|py|pyc|sh|so|dll|dylib|exe)$/i;
const splitName = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i;

/**
 * The files of a listing that are wanted, by a path or a pattern with `*` and `?`; null wants the whole snapshot, which
 * must have weights as safetensors. One part of a split GGUF stands for all of them.
 * @throws DownloadError when there are none, parts are missing, or the hub names a file outside of its folder
 */
export function chooseFiles(listed: readonly HubFile[], pattern: string | null): HubFile[] {
  const harmless = listed.filter(
    ({ path }) => path.length <= maxPathLength && !neverFetched.test(path),
  );
  const chosen = pattern === null ? wholeSnapshot(harmless) : matching(harmless, pattern);
  if (chosen.length > maxFiles)
    throw new DownloadError('no_match', `More than ${maxFiles} files match. Name fewer.`);
  for (const { path } of chosen) assertSafePath(path);
  return chosen;
}

function wholeSnapshot(files: readonly HubFile[]): HubFile[] {
  const ggufs = files.filter(({ path }) => /\.gguf$/i.test(path));
  if (files.some(({ path }) => /\.safetensors$/i.test(path)))
    return files.filter((file) => !ggufs.includes(file) && file.path !== '.gitattributes');
  throw new DownloadError(
    'no_match',
    ggufs.length === 0
      ? 'The repository has no weights that are fetched: neither safetensors nor GGUF.'
      : `The repository holds GGUF files; say which: ${examples(ggufs)}.`,
  );
}

function matching(files: readonly HubFile[], pattern: string): HubFile[] {
  const matched = new Set(files.filter(({ path }) => matchesPattern(path, pattern)));
  for (const { path } of matched) {
    for (const part of otherParts(files, path)) matched.add(part);
  }
  if (matched.size > 0) return files.filter((file) => matched.has(file));
  const ggufs = files.filter(({ path }) => /\.gguf$/i.test(path));
  const hint = ggufs.length === 0 ? '' : ` It holds ${examples(ggufs)}.`;
  throw new DownloadError(
    'no_match',
    `No file of the repository that may be fetched is called ${pattern}.${hint}`,
  );
}

/** @throws DownloadError when not all parts are there */
function otherParts(files: readonly HubFile[], path: string): HubFile[] {
  const [, stem, , count] = splitName.exec(path) ?? [];
  if (stem === undefined || count === undefined) return [];
  const parts = files.filter((file) => {
    const [, otherStem, , otherCount] = splitName.exec(file.path) ?? [];
    return otherStem === stem && otherCount === count;
  });
  if (parts.length === Number(count)) return parts;
  throw new DownloadError(
    'no_match',
    `${path} is one of ${Number(count)} parts, and the repository holds only ${parts.length}.`,
  );
}

function examples(files: readonly HubFile[]): string {
  // these names were not looked at yet, and a message is one line
  const printable = files.filter(({ path }) => /^[^\p{Cc}]+$/u.test(path));
  const names = printable.slice(0, 8).map(({ path }) => path.slice(0, 120));
  return names.join(', ') + (files.length > names.length ? ', …' : '');
}

/** @throws DownloadError for a name that leads, or on some system could lead, out of the snapshot's folder */
function assertSafePath(path: string): void {
  const parts = path.split('/');
  const isSafe =
    path.length <= 1024 &&
    // control characters, backslashes, colons and wildcards mean something to some system
    /^[^\p{Cc}\\:*?"<>|]+$/u.test(path) &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/[. ]$/.test(part)) &&
    parts.every((part) => Buffer.byteLength(part) <= 200);
  if (isSafe) return;
  throw new DownloadError(
    'unsafe_name',
    `The repository has a file with a name that is not written to this disk: ${JSON.stringify(path.slice(0, 100))}.`,
  );
}
