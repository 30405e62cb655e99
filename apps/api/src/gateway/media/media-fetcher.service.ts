import { describeNetworkError, EgressClient } from '#adapters';
import { Injectable } from '@nestjs/common';
import {
  GatewayError,
  sniffMediaType,
  unfetchedMedia,
  withMediaBytes,
  type CanonicalRequest,
  type MediaBytes,
  type MediaPart,
  type TranslationTarget,
} from '#translation';

const maxFiles = 10;
const maxFileBytes = 20 * 1024 * 1024;
const timeoutMs = 10_000;

/**
 * Fetches what a caller gave by URL for targets that take bytes alone. Only for keys that may have it done, only from
 * public addresses, without redirects and without any credential.
 */
@Injectable()
export class MediaFetcher {
  constructor(private readonly egress: EgressClient) {}

  /**
   * The request with bytes in place of URLs; null when there is nothing to fetch.
   * @throws GatewayError `unsupported_by_target` for a key that may not, `invalid_request` for a URL that does not serve
   */
  async inline(
    request: CanonicalRequest,
    target: TranslationTarget,
    mayFetch: boolean,
  ): Promise<CanonicalRequest | null> {
    const parts = unfetchedMedia(request, target.capabilities);
    const [first] = parts;
    if (first === undefined) return null;
    if (!mayFetch) throw notAllowed(first, target);
    if (parts.length > maxFiles)
      throw fault(first, `at most ${maxFiles} files are fetched for one request`);
    const fetched = await Promise.all(
      parts.map(async (part) => [urlOf(part), await this.fetch(part)] as const),
    );
    return withMediaBytes(request, new Map(fetched));
  }

  private async fetch(part: MediaPart): Promise<MediaBytes> {
    const url = urlOf(part);
    if (!/^https?:\/\//i.test(url)) throw fault(part, 'only http and https addresses are fetched');
    let bytes: Buffer;
    try {
      const answer = await this.egress.createFetch(false)(url, {
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!answer.ok) throw fault(part, `the server answered HTTP ${answer.status}`);
      bytes = await readAtMost(answer, part);
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      throw fault(part, describeNetworkError(error, false).message, error);
    }
    const mediaType = sniffMediaType(bytes.subarray(0, 16).toString('latin1'));
    if (mediaType === null)
      throw fault(part, 'it is neither a PNG, JPEG, GIF or WebP image nor a PDF document');
    return { base64: bytes.toString('base64'), mediaType };
  }
}

async function readAtMost(answer: Response, part: MediaPart): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let byteCount = 0;
  for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    byteCount += piece.length;
    // leaving the loop cancels the body and with it the connection
    if (byteCount > maxFileBytes)
      throw fault(part, `it is larger than ${maxFileBytes / 1024 / 1024} MiB`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function urlOf({ source }: MediaPart): string {
  return source.type === 'url' ? source.url : '';
}

function notAllowed({ path }: MediaPart, { label }: TranslationTarget): GatewayError {
  return new GatewayError(
    'unsupported_by_target',
    `\`${path}\` is a URL, and ${label} takes bytes alone. Send the file inline as base64, or allow this key in the panel to have the gateway fetch URLs.`,
    { path },
  );
}

function fault({ path }: MediaPart, problem: string, cause?: unknown): GatewayError {
  return new GatewayError(
    'invalid_request',
    `\`${path}\` cannot be fetched: ${problem.replace(/\.$/, '')}. Send the file inline as base64.`,
    { path, cause },
  );
}
