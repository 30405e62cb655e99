import { HubError, type HubErrorCode } from '#adapters';
import type { DownloadFailure } from './course/download-state.js';

/** Why a download failed or waits: the hub's reasons and those of this machine. `docs/model-downloads.md` explains each. */
export type DownloadErrorCode =
  HubErrorCode | 'no_match' | 'unsafe_name' | 'no_space' | 'wrong_content' | 'disk_error';

/** A failure that is not the hub's. Its text is safe to show. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';

  constructor(
    readonly code: DownloadErrorCode,
    message: string,
    readonly kind: DownloadFailure['kind'] = 'lasting',
  ) {
    super(message);
  }
}

/** Whatever a piece of work threw, as the course of the download takes it. */
export function describeDownloadFailure(error: unknown): DownloadFailure {
  if (error instanceof DownloadError) {
    const { code, message, kind } = error;
    return { code, message, kind, retryAfterMs: null };
  }
  if (error instanceof HubError) {
    const { code, message, isPassing, retryAfterMs } = error;
    return { code, message, kind: isPassing ? 'passing' : 'lasting', retryAfterMs };
  }
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return lasting('no_space', 'The disk is full. Make room and resume.');
  return lasting(
    'disk_error',
    `The files could not be written (${code ?? 'unknown error'}). See that the gateway may write to the folder, and resume.`,
  );
}

function lasting(code: DownloadErrorCode, message: string): DownloadFailure {
  return { code, message, kind: 'lasting', retryAfterMs: null };
}
