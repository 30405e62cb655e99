import { HubError } from './hub-error.js';
import { toHubError, type HubAnswer } from './hub-exchange.js';
import type { HubFile } from './read-hub-listing.js';

/** A file on its way. */
export interface HubFileBody {
  /** The first byte that comes: the one asked for, or 0 when the server begins anew. */
  readonly offset: number;
  /** The server's name for this content, for going on later; null when it gives none that will do. */
  readonly etag: string | null;
  /** Every byte up to the end of the file, not one more. @throws HubError */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Ends the transfer unread. */
  readonly discard: () => void;
}

/** Holds a 200, 206 or 416 against what the list of files said. @throws HubError */
export function readFileAnswer(
  answer: HubAnswer,
  { file, offset }: { readonly file: HubFile; readonly offset: number },
  signal: AbortSignal,
): HubFileBody {
  const start = startOf(answer, file, offset);
  const fault = start === null ? 'it sent another part than was asked for' : faultOf(answer);
  if (start === null || fault !== null) {
    answer.discard();
    throw new HubError('bad_answer', `The hub’s answer cannot be used: ${fault}.`, {
      isPassing: true,
    });
  }
  const { discard } = answer;
  const wantedBytes = file.sizeBytes - start;
  const pieces = exactly(wantedBytes, answer, signal);
  return { offset: start, etag: strongEtag(answer), pieces, discard };
}

/**
 * What the hub itself says of a large file, before anything of it was fetched.
 * @throws HubError when it is not the file that was listed
 */
export function assertSameFile({ headers, discard }: HubAnswer, file: HubFile): void {
  if (file.hashKind !== 'sha256') return;
  const hash = String(headers['x-linked-etag'] ?? file.hash).replaceAll('"', '');
  const sizeBytes = Number(headers['x-linked-size'] ?? file.sizeBytes);
  if (hash === file.hash && sizeBytes === file.sizeBytes) return;
  discard();
  throw new HubError(
    'bad_answer',
    'The hub’s answer cannot be used: the file is another one than its list of files says.',
  );
}

/** Null when the answer does not continue the file and does not begin it either. */
function startOf({ status, headers }: HubAnswer, { sizeBytes }: HubFile, offset: number) {
  if (status === 200) return 0;
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(String(headers['content-range'] ?? ''));
  if (status !== 206 || range === null) return null;
  const [, first, last, total] = range;
  const fits =
    Number(first) === offset &&
    Number(last) === sizeBytes - 1 &&
    (total === '*' || Number(total) === sizeBytes);
  return fits ? offset : null;
}

function faultOf({ headers }: HubAnswer): string | null {
  const encoding = headers['content-encoding'];
  return encoding === undefined || encoding === 'identity' ? null : 'it is packed';
}

/** A weak one may stay the same when bytes change. */
function strongEtag({ headers }: HubAnswer): string | null {
  const { etag } = headers;
  return typeof etag === 'string' && /^"[\x21\x23-\x7e]{1,200}"$/.test(etag) ? etag : null;
}

async function* exactly(
  wantedBytes: number,
  { body, discard }: HubAnswer,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let byteCount = 0;
  try {
    for await (const piece of body) {
      byteCount += piece.length;
      if (byteCount > wantedBytes) throw sizeFault('more');
      yield piece;
    }
  } catch (error) {
    throw toHubError(error, true, signal);
  } finally {
    discard();
  }
  if (byteCount < wantedBytes)
    throw new HubError('interrupted', 'The hub’s answer ended before the file was complete.', {
      isPassing: true,
    });
}

function sizeFault(how: string): HubError {
  return new HubError('bad_answer', `The hub sent ${how} bytes than its list of files says.`, {
    isPassing: true,
  });
}
