import { HubError } from './hub-error.js';

/** A file of a repository at one commit. */
export interface HubFile {
  /** As the hub names it, with `/` between folders. Not checked: it comes from outside. */
  readonly path: string;
  readonly sizeBytes: number;
  /** What its content hashes to, in small hexadecimal letters; also the name of its blob in a cache. */
  readonly hash: string;
  /** Large files are named by SHA-256; small ones as git does, by the SHA-1 of a header and the content. */
  readonly hashKind: 'sha256' | 'git-sha1';
}

interface TreeEntry {
  readonly type?: unknown;
  readonly path?: unknown;
  readonly size?: unknown;
  readonly oid?: unknown;
  readonly lfs?: { readonly oid?: unknown; readonly size?: unknown } | null;
}

/** The files of one page of `/api/models/…/tree/…`. @throws HubError `bad_answer` */
export function readHubListing(text: string): HubFile[] {
  const entries = parseJson(text);
  if (!Array.isArray(entries)) throw badAnswer('its list of files is none');
  return (entries as TreeEntry[]).filter(({ type }) => type === 'file').map(toFile);
}

/** The commit of `/api/models/…/revision/…`. @throws HubError `bad_answer` */
export function readHubCommit(text: string): string {
  const answer = parseJson(text) as { readonly sha?: unknown } | null;
  const sha = answer?.sha;
  if (typeof sha !== 'string' || !/^[0-9a-f]{40}$/.test(sha))
    throw badAnswer('it does not say which commit the revision is');
  return sha;
}

function toFile({ path, size, oid, lfs }: TreeEntry): HubFile {
  const isLarge = lfs !== undefined && lfs !== null;
  const file = {
    path,
    sizeBytes: isLarge ? lfs.size : size,
    hash: isLarge ? lfs.oid : oid,
    hashKind: isLarge ? ('sha256' as const) : ('git-sha1' as const),
  };
  if (!isFile(file)) throw badAnswer('a file in its list has no name, size or hash');
  return file;
}

function isFile(file: {
  path: unknown;
  sizeBytes: unknown;
  hash: unknown;
  hashKind: HubFile['hashKind'];
}): file is HubFile {
  const digits = file.hashKind === 'sha256' ? 64 : 40;
  return (
    typeof file.path === 'string' &&
    Number.isSafeInteger(file.sizeBytes) &&
    (file.sizeBytes as number) >= 0 &&
    typeof file.hash === 'string' &&
    file.hash.length === digits &&
    /^[0-9a-f]+$/.test(file.hash)
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badAnswer('it is not JSON', error);
  }
}

function badAnswer(why: string, cause?: unknown): HubError {
  return new HubError(
    'bad_answer',
    `The hub’s answer cannot be used: ${why}. Does SPILLWAY_HUB_URL name a hub?`,
    { cause },
  );
}
