import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Repository } from 'typeorm';
import { GatewayError } from '#translation';
import type { AppConfig } from '../config/app-config.js';
import type { MasterKey } from './master-key.entity.js';
import { SecretBox } from './secret-box.js';

const place = 'providers/1/credential';

describe('SecretBox', () => {
  let dataDir: string;
  let row: MasterKey | null;
  const table = {
    findOneBy: () => Promise.resolve(row),
    insert: (made: MasterKey) => {
      row = made;
      return Promise.resolve();
    },
  } as unknown as Repository<MasterKey>;
  /** What a start of the gateway does. */
  const openBox = async (): Promise<SecretBox> => {
    const box = new SecretBox({ dataDir } as AppConfig, table);
    await box.onModuleInit();
    return box;
  };
  const codeOf = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      return error instanceof GatewayError ? error.code : String(error);
    }
    return 'no error';
  };

  beforeEach(() => {
    row = null;
    dataDir = mkdtempSync(join(tmpdir(), 'spillway-secrets-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('opens what it has sealed, also after a restart', async () => {
    const sealed = (await openBox()).seal('sk-canary-ß-1234', place);

    expect((await openBox()).open(sealed, place)).toBe('sk-canary-ß-1234');
  });

  it('shows nothing of the secret and never seals it alike twice', async () => {
    const box = await openBox();
    const sealed = Array.from({ length: 200 }, () => box.seal('sk-canary', place));

    expect(new Set(sealed).size).toBe(200);
    expect(sealed.join()).not.toContain('canary');
    expect(sealed.join()).not.toContain(Buffer.from('sk-canary').toString('base64'));
  });

  it('does not open what belongs to another row', async () => {
    const box = await openBox();
    const sealed = box.seal('sk-canary', place);

    expect(codeOf(() => box.open(sealed, 'providers/2/credential'))).toBe('secrets_locked');
  });

  it('does not open what was changed in any place', async () => {
    const box = await openBox();
    const sealed = box.seal('sk-canary', place);
    const codes = [...sealed].map((character, index) => {
      const changed = character === 'A' ? 'B' : 'A';
      const text = sealed.slice(0, index) + changed + sealed.slice(index + 1);
      return codeOf(() => {
        if (box.open(text, place) === 'sk-canary') throw new Error('same bytes');
      });
    });

    // the last characters of base64 may carry bits that decode to the same bytes
    expect(
      codes.filter((code) => code !== 'secrets_locked' && code !== 'Error: same bytes'),
    ).toEqual([]);
    expect(codes.filter((code) => code === 'secrets_locked').length).toBeGreaterThan(
      sealed.length - 6,
    );
  });

  it.each(['', 'v1', 'v1..', 'v0.AAAA.AAAA', 'v1.AAAA.AAAA', 'sk-canary'])(
    'refuses %j without telling what it holds',
    async (text) => {
      const box = await openBox();

      expect(codeOf(() => box.open(text, place))).toBe('secrets_locked');
    },
  );

  it('stays locked with another key, changes nothing, and opens again once the right one is back', async () => {
    const sealed = (await openBox()).seal('sk-canary', place);
    const path = join(dataDir, 'master.key');
    const [right, known] = [readFileSync(path), row];
    writeFileSync(path, 'ab'.repeat(32));
    const locked = await openBox();

    expect(codeOf(() => locked.open(sealed, place))).toBe('secrets_locked');
    expect(codeOf(() => locked.seal('sk-new', place))).toBe('secrets_locked');
    expect(row).toBe(known);
    expect(readFileSync(path, 'utf8')).toBe('ab'.repeat(32));
    writeFileSync(path, right);
    expect((await openBox()).open(sealed, place)).toBe('sk-canary');
  });

  it('stays locked without its key, and makes no new one', async () => {
    await openBox();
    rmSync(join(dataDir, 'master.key'));
    const locked = await openBox();

    expect(codeOf(() => locked.seal('sk-new', place))).toBe('secrets_locked');
    expect(codeOf(() => locked.assertUnlocked())).toBe('secrets_locked');
    expect(existsSync(join(dataDir, 'master.key'))).toBe(false);
  });

  it('stores a check value from which the key cannot be told', async () => {
    await openBox();

    expect(row?.checkValue).toMatch(/^[0-9a-f]{64}$/);
    expect(row?.checkValue).not.toBe(readFileSync(join(dataDir, 'master.key'), 'utf8').trim());
  });

  it('keeps its key file to its owner and refuses one that others can read', async () => {
    await openBox();
    const path = join(dataDir, 'master.key');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const mode of [0o640, 0o604, 0o644]) {
      chmodSync(path, mode);
      await expect(openBox()).rejects.toThrow(`chmod 600 ${path}`);
    }
  });

  it.each(['', 'abcd', 'z'.repeat(64)])('refuses a key file that holds %j', async (content) => {
    writeFileSync(join(dataDir, 'master.key'), content, { mode: 0o600 });

    await expect(openBox()).rejects.toThrow('does not hold a key');
    expect(readFileSync(join(dataDir, 'master.key'), 'utf8')).toBe(content);
  });
});
