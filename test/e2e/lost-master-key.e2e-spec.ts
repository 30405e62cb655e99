import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { providerCredential, TestBed, protocols } from './test-bed.js';

interface ProviderRow {
  readonly id: string;
  readonly name: string;
  readonly needsCredential: boolean;
}

let bed: TestBed;
let route = '';
const keyFile = (): string => join(bed.gateway.dataDir, 'master.key');
const restart = async (): Promise<void> => bed.resume(await bed.gateway.restart());
const needing = async (): Promise<string[]> => {
  const rows = await bed.admin.list<ProviderRow>('providers');
  return rows
    .filter(({ needsCredential }) => needsCredential)
    .map(({ name }) => name)
    .sort();
};
const ask = () => bed.ask('openai-chat', route);

beforeAll(async () => {
  bed = await TestBed.open();
  route = await bed.route('openai-chat', 'say-hello');
  expect((await ask()).status).toBe(200);
  await bed.gateway.stop();
  rmSync(keyFile());
  await restart();
});
afterAll(() => bed.close());

describe('a gateway whose master key was lost', () => {
  it('names on the console, in the API and in errors what must be entered again, and makes no new key', async () => {
    const names = protocols.map((protocol) => `fake-${protocol}`).sort();
    expect(await needing()).toEqual(names);
    const output = bed.gateway.stdout + bed.gateway.stderr;
    expect(output).toMatch(
      /cannot be opened: fake-[^.]*fake-openai-chat[^.]*\. .*master\.key is missing/,
    );
    expect(output).toContain('enter each credential again');
    const refused = await ask();
    expect(refused.status).toBe(503);
    expect(await refused.text()).toMatch(
      /`fake-openai-chat` cannot be opened.*enter the credential again/,
    );
    expect(await bed.logOf(refused)).toMatchObject({
      errorCode: 'secrets_locked',
      attempts: [{ state: 'voided', costNanos: 0 }],
    });
    expect(existsSync(keyFile())).toBe(false);
  });

  it('serves again as soon as the credential is entered, also after the next start', async () => {
    const rows = await bed.admin.list<ProviderRow>('providers');
    const id = rows.find(({ name }) => name === 'fake-openai-chat')?.id ?? '';
    await bed.admin.update('providers', id, { credential: providerCredential });
    expect((await ask()).status).toBe(200);
    expect(statSync(keyFile()).mode & 0o077).toBe(0);
    await restart();
    expect((await ask()).status).toBe(200);
    expect(bed.upstream.log.last('say-hello').headers.authorization).toContain(providerCredential);
    expect(await needing()).not.toContain('fake-openai-chat');
  });
});
