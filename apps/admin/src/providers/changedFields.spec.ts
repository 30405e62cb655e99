import { describe, expect, it } from 'vitest';
import { changedFields } from './changedFields.js';

describe('changedFields', () => {
  it('leaves out what the user did not touch', () => {
    const previous = { id: 'key_1', name: 'laptop', spentNanos: 5, allowedRoutes: ['coder'] };
    const data = { ...previous, name: 'desktop', allowedRoutes: ['coder'] };
    expect(changedFields(data, previous)).toEqual({ name: 'desktop' });
  });

  it('keeps a field that was emptied', () => {
    expect(changedFields({ budgetNanos: null }, { budgetNanos: 5 })).toEqual({ budgetNanos: null });
  });

  it('keeps a field the record did not have, such as a new credential', () => {
    expect(changedFields({ credential: 'secret' }, {})).toEqual({ credential: 'secret' });
  });
});
