import { describe, expect, it } from 'vitest';
import { groupWarnings } from './groupWarnings.js';

describe('groupWarnings', () => {
  it('says the same of several places once, and losses first', () => {
    const warnings = [
      { code: 'renamed', path: 'tools[0].name', detail: 'it is too long there' },
      { code: 'dropped', path: 'seed', detail: 'no counterpart' },
      { code: 'dropped', path: 'logit_bias', detail: 'no counterpart' },
      { code: 'dropped', path: null, detail: null },
    ];
    expect(groupWarnings(warnings)).toEqual([
      { code: 'dropped', detail: 'no counterpart', paths: ['seed', 'logit_bias'] },
      { code: 'dropped', detail: null, paths: [] },
      { code: 'renamed', detail: 'it is too long there', paths: ['tools[0].name'] },
    ]);
  });

  it('has nothing to say of nothing', () => {
    expect(groupWarnings([])).toEqual([]);
  });
});
