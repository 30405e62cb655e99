import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '#translation';
import type { AppConfig } from '../config/app-config.js';
import { SecretBox } from './secret-box.js';

const place = 'providers/1/credential';

describe('SecretBox', () => {
  let dataDir: string;
  const openBox = (): SecretBox => new SecretBox({ dataDir } as AppConfig);
  const codeOf = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      return error instanceof GatewayError ? error.code : String(error);
    }
    return 'no error';
  };

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'spillway-secrets-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('opens what it has sealed, also after a restart', () => {
    const sealed = openBox().seal('sk-canary-ß-1234', place);

    expect(openBox().open(sealed, place)).toBe('sk-canary-ß-1234');
  });

  it('shows nothing of the secret and never seals it alike twice', () => {
    const box = openBox();
    const sealed = Array.from({ length: 200 }, () => box.seal('sk-canary', place));

    expect(new Set(sealed).size).toBe(200);
    expect(sealed.join()).not.toContain('canary');
    expect(sealed.join()).not.toContain(Buffer.from('sk-canary').toString('base64'));
  });

  it('does not open what belongs to another row', () => {
    const box = openBox();
    const sealed = box.seal('sk-canary', place);

    expect(codeOf(() => box.open(sealed, 'providers/2/credential'))).toBe('secrets_locked');
  });

  it('does not open what was changed in any place', () => {
    const box = openBox();
    const sealed = box.seal('sk-canary', place);
    const codes = [...sealed].map((character, index) => {
      const changed = character === 'A' ? 'B' : 'A';
      const text = sealed.slice(0, index) + changed + sealed.slice(index + 1);
      return codeOf(() => {
        if (box.open(text, place) === 'sk-canary') throw new Error('same bytes');
      });
    });

    // the last characters of base64 may carry bits that decode to the same bytes
    expect(codes.filter((code) => code !== 'secrets_locked' && code !== 'Error: same bytes')).toEqual([]);
    expect(codes.filter((code) => code === 'secrets_locked').length).toBeGreaterThan(sealed.length - 6);
  });

  it.each(['', 'v1', 'v1..', 'v0.AAAA.AAAA', 'v1.AAAA.AAAA', 'sk-canary'])(
    'refuses %j without telling what it holds',
    (text) => {
      expect(codeOf(() => openBox().open(text, place))).toBe('secrets_locked');
    },
  );

  it('does not open with another key, and opens again once the right one is back', () => {
    const sealed = openBox().seal('sk-canary', place);
    const path = join(dataDir, 'master.key');
    const right = readFileSync(path);
    writeFileSync(path, 'ab'.repeat(32));
    expect(codeOf(() => openBox().open(sealed, place))).toBe('secrets_locked');
    writeFileSync(path, right);

    expect(openBox().open(sealed, place)).toBe('sk-canary');
  });

  it('keeps its key file to its owner and refuses one that others can read', () => {
    openBox();
    const path = join(dataDir, 'master.key');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const mode of [0o640, 0o604, 0o644]) {
      chmodSync(path, mode);
      expect(openBox).toThrow(`chmod 600 ${path}`);
    }
  });

  it.each(['', 'abcd', 'z'.repeat(64)])('refuses a key file that holds %j', (content) => {
    writeFileSync(join(dataDir, 'master.key'), content, { mode: 0o600 });

    expect(openBox).toThrow('does not hold a key');
    expect(readFileSync(join(dataDir, 'master.key'), 'utf8')).toBe(content);
  });
});
