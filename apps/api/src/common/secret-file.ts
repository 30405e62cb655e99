import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';

/**
 * Reads a secret of 32 random bytes from a file that only its owner may read, making it on first use.
 * @throws Error when others may read the file, or when it does not hold a secret.
 */
export function readSecretFile(path: string): Buffer {
  try {
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const { mode } = statSync(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new Error(`The key file ${path} can be read by others. Close it: chmod 600 ${path}`);
  }
  const secret = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
  if (secret.length !== 32) {
    throw new Error(
      `The key file ${path} does not hold a key of 32 bytes in hexadecimal. Restore it from a backup, or move it away and start again: a new one is made (docs/security.md says what a lost key costs).`,
    );
  }
  return secret;
}
