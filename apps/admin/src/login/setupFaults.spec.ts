import { describe, expect, it } from 'vitest';
import { findSetupFaults } from './setupFaults.js';

const good = {
  token: 'one-time',
  username: 'anna',
  password: 'correct horse',
  confirmation: 'correct horse',
};

describe('findSetupFaults', () => {
  it('finds nothing wrong with a complete form', () => {
    expect(findSetupFaults(good)).toEqual({});
  });

  it('names every field that needs care', () => {
    const faults = findSetupFaults({
      token: ' ',
      username: '',
      password: 'short',
      confirmation: '',
    });
    expect(Object.keys(faults)).toEqual(['token', 'username', 'password', 'confirmation']);
  });
});
