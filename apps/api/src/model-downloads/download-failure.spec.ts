import { HubError } from '#adapters';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  describeDownloadFailure,
  DownloadError,
  type DownloadErrorCode,
} from './download-failure.js';

/** Complete by its type. */
const codes: Readonly<Record<DownloadErrorCode, true>> = {
  hub_unreachable: true,
  hub_error: true,
  address_refused: true,
  redirect_refused: true,
  token_refused: true,
  gated: true,
  not_found: true,
  rate_limited: true,
  bad_answer: true,
  interrupted: true,
  no_match: true,
  unsafe_name: true,
  no_space: true,
  wrong_content: true,
  disk_error: true,
};

describe('a failure', () => {
  it('is explained in docs/model-downloads.md, each and no other', () => {
    const docs = readFileSync(
      new URL('../../../../docs/model-downloads.md', import.meta.url),
      'utf8',
    );
    const explained = [...docs.matchAll(/^\| `([a-z_]+)`/gm)].map(([, code]) => code);
    expect(explained.sort()).toEqual(Object.keys(codes).sort());
  });

  it.each([
    [new DownloadError('no_match', 'None.'), 'no_match', 'lasting'],
    [new DownloadError('wrong_content', 'Other.', 'damaged'), 'wrong_content', 'damaged'],
    [new HubError('hub_error', 'It.', { isPassing: true }), 'hub_error', 'passing'],
    [new HubError('gated', 'It.'), 'gated', 'lasting'],
    [Object.assign(new Error('/secret/path'), { code: 'ENOSPC' }), 'no_space', 'lasting'],
    [Object.assign(new Error('/secret/path'), { code: 'EACCES' }), 'disk_error', 'lasting'],
    [new Error('/secret/path'), 'disk_error', 'lasting'],
  ])('%s is %s, %s, and names no path', (error, code, kind) => {
    const failure = describeDownloadFailure(error);
    expect([failure.code, failure.kind]).toEqual([code, kind]);
    expect(failure.message).not.toContain('/secret');
  });
});
