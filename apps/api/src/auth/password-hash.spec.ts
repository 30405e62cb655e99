import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './password-hash.js';

describe('password hash', () => {
  it('fits its password only', async () => {
    const hash = await hashPassword('correct horse');

    expect(await verifyPassword('correct horse', hash)).toBe(true);
    expect(await verifyPassword('correct horsf', hash)).toBe(false);
  });

  it('is salted and names its parameters', async () => {
    const [one, other] = await Promise.all([hashPassword('same'), hashPassword('same')]);

    expect(one).not.toBe(other);
    expect(one).toMatch(/^scrypt\$32768\$8\$3\$/);
  });

  it('is no password itself', async () => {
    const hash = await hashPassword('correct horse');

    expect(await verifyPassword(hash, hash)).toBe(false);
  });

  it('takes the same letters in either way of writing them', async () => {
    const hash = await hashPassword('caf\u00e9');

    expect(await verifyPassword('cafe\u0301', hash)).toBe(true);
  });
});
