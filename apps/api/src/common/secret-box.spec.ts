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
import type { AppConfig } from '../config/app-config.js';
import type { MasterKey } from './master-key.entity.js';
import { SecretBox } from './secret-box.js';

const place = 'providers/1/credential';

describe('SecretBox', () => {
  let dataDir: string;
  let rows: MasterKey[];
  const table = {
    find: () => Promise.resolve(rows),
    insert: (made: MasterKey) => {
      rows = [...rows, made];
      return Promise.resolve();
    },
  } as unknown as Repository<MasterKey>;
  /** What a start of the gateway does. */
  const openBox = async (): Promise<SecretBox> => {
    const box = new SecretBox({ dataDir } as AppConfig, table);
    await box.onModuleInit();
    return box;
  };
  const keyFile = (): string => join(dataDir, 'master.key');

  beforeEach(() => {
    rows = [];
    dataDir = mkdtempSync(join(tmpdir(), 'spillway-secrets-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('opens what it has sealed, also after a restart', async () => {
    const sealed = await (await openBox()).seal('sk-canary-ß-1234', place);

    expect((await openBox()).open(sealed, place)).toBe('sk-canary-ß-1234');
  });

  it('shows nothing of the secret and never seals it alike twice', async () => {
    const box = await openBox();
    const sealed = await Promise.all(
      Array.from({ length: 200 }, () => box.seal('sk-canary', place)),
    );

    expect(new Set(sealed).size).toBe(200);
    expect(sealed.join()).not.toContain('canary');
    expect(sealed.join()).not.toContain(Buffer.from('sk-canary').toString('base64'));
  });

  it('does not open what belongs to another row', async () => {
    const box = await openBox();
    const sealed = await box.seal('sk-canary', place);

    expect(box.open(sealed, 'providers/2/credential')).toBeNull();
  });

  it('does not open what was changed in any place', async () => {
    const box = await openBox();
    const sealed = await box.seal('sk-canary', place);
    const opened = [...sealed].map((character, index) => {
      const changed = character === 'A' ? 'B' : 'A';
      return box.open(sealed.slice(0, index) + changed + sealed.slice(index + 1), place);
    });

    // the last characters of base64 may carry bits that decode to the same bytes
    expect(opened.filter((secret) => secret !== null && secret !== 'sk-canary')).toEqual([]);
    expect(opened.filter((secret) => secret === null).length).toBeGreaterThan(sealed.length - 6);
  });

  it.each(['', 'v1', 'v1..', 'v0.AAAA.AAAA', 'v1.AAAA.AAAA', 'sk-canary'])(
    'does not open %j',
    async (text) => {
      const box = await openBox();

      expect(box.open(text, place)).toBeNull();
    },
  );

  it('opens nothing with another key, changes nothing, and opens again once the right one is back', async () => {
    const sealed = await (await openBox()).seal('sk-canary', place);
    const [right, known] = [readFileSync(keyFile()), rows];
    writeFileSync(keyFile(), 'ab'.repeat(32));
    const locked = await openBox();

    expect([locked.open(sealed, place), locked.fault]).toEqual([null, 'unknown']);
    expect(rows).toBe(known);
    expect(readFileSync(keyFile(), 'utf8')).toBe('ab'.repeat(32));
    writeFileSync(keyFile(), right);
    const healed = await openBox();
    expect([healed.open(sealed, place), healed.fault]).toEqual(['sk-canary', null]);
  });

  it('takes another key into use when a secret is given anew, and knows it from then on', async () => {
    const old = await (await openBox()).seal('sk-old', place);
    writeFileSync(keyFile(), 'ab'.repeat(32));
    const box = await openBox();
    const sealed = await Promise.all([box.seal('sk-new', place), box.seal('sk-too', place)]);
    const next = await openBox();

    expect(rows.map(({ version }) => version)).toEqual([1, 2]);
    expect([box.fault, next.fault]).toEqual([null, null]);
    expect(sealed.map((text) => next.open(text, place))).toEqual(['sk-new', 'sk-too']);
    expect(next.open(old, place)).toBeNull();
  });

  it('makes no new key at a start without one, but when a secret is given anew', async () => {
    const old = await (await openBox()).seal('sk-old', place);
    rmSync(keyFile());
    const box = await openBox();
    expect([box.open(old, place), box.fault, existsSync(keyFile())]).toEqual([
      null,
      'missing',
      false,
    ]);

    const sealed = await box.seal('sk-new', place);
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect((await openBox()).open(sealed, place)).toBe('sk-new');
  });

  it('seals with the right key when it was put back without a restart', async () => {
    const old = await (await openBox()).seal('sk-old', place);
    const right = readFileSync(keyFile());
    rmSync(keyFile());
    const box = await openBox();
    writeFileSync(keyFile(), right, { mode: 0o600 });
    await box.seal('sk-new', place);

    expect(box.open(old, place)).toBe('sk-old');
    expect(rows).toHaveLength(1);
  });

  it('says why it cannot take a key file into use', async () => {
    await openBox();
    rmSync(keyFile());
    const box = await openBox();
    writeFileSync(keyFile(), 'ab'.repeat(32), { mode: 0o644 });

    await expect(box.seal('sk-new', place)).rejects.toMatchObject({
      code: 'secrets_locked',
      message: expect.stringContaining('chmod 600') as string,
    });
  });

  it('stores a check value from which the key cannot be told', async () => {
    await openBox();
    const [row] = rows;

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
