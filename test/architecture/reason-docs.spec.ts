import { describe, expect, it } from 'vitest';
import { reasonCodes, reasonOf } from '../../apps/api/src/common/reason-codes.js';
import { errorCodes, type ErrorCode } from '../../libs/translation/src/errors/error-codes.js';
import { documentedNames, readProjectFile } from './source-tree.js';

/** The rows of the table under a heading. */
function rowsUnder(heading: string): string[] {
  const [, text = ''] = readProjectFile('docs/local-first.md').split(`\n## ${heading}\n`);
  return documentedNames(text, /^[a-z0-9_]+$/);
}

describe('docs/local-first.md', () => {
  it('explains every reason, in the order of the list, and no other', () => {
    expect(rowsUnder('Reasons')).toEqual([...reasonCodes]);
  });
});

describe('the reasons', () => {
  it('are given for every error after which the next target is tried, and for no other', () => {
    const codes = Object.keys(errorCodes) as ErrorCode[];
    const odd = codes.filter((code) => errorCodes[code].mayFailOver !== (reasonOf(code) !== null));
    expect(odd).toEqual([]);
  });
});
