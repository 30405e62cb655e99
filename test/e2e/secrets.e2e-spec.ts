import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testAdmin } from '../support/management-client.js';
import { protocols, providerCredential, TestBed } from './test-bed.js';

const resources = [
  'providers',
  'local-models',
  'instances',
  'model-routes',
  'virtual-keys',
  'request-logs',
];
/** A credential that no rule for the shape of keys would recognize. */
const shapelessCredential = 'correct-Horse_Battery.Staple-0451';

let bed: TestBed;
/** Everything the gateway has said to anybody, by who heard it. */
const heard = new Map<string, string>();

async function provoke(): Promise<void> {
  const provider = await bed.admin.createProvider({
    name: 'shapeless',
    protocol: 'openai-chat',
    baseUrl: bed.upstream.openaiUrl,
    credential: shapelessCredential,
  });
  const target = {
    kind: 'provider' as const,
    providerId: provider.id,
    upstreamModel: 'echo-secret',
  };
  await bed.routeTo('shapeless', [target]);
  const models = [
    'say-hello',
    'echo-secret',
    'status-401',
    'status-500',
    'cut-mid',
    'redirect-307',
  ];
  for (const protocol of protocols) {
    const routes = await Promise.all(models.map((model) => bed.route(protocol, model)));
    for (const route of [...routes, 'shapeless', 'no-such-model']) {
      for (const isStream of [false, true]) {
        const response = await bed.ask(protocol, route, { isStream });
        const headers = JSON.stringify([...response.headers]);
        heard.set(`${protocol} ${route} ${isStream}`, headers + (await response.text()));
      }
    }
  }
  await bed.admin.send('POST', `/providers/${provider.id}/test`);
  const broken = {
    name: 'x',
    protocol: 'openai-chat',
    baseUrl: `https://user:${shapelessCredential}@x.example/v1?key=${providerCredential}`,
  };
  heard.set(
    'refused provider',
    JSON.stringify((await bed.admin.send('POST', '/providers', broken)).body),
  );
}

async function listen(): Promise<void> {
  for (const resource of resources) {
    const rows = await bed.admin.list<{ id: string }>(resource, { range: [0, 99] });
    heard.set(`list of ${resource}`, JSON.stringify(rows));
    for (const { id } of rows) {
      heard.set(`${resource} ${id}`, JSON.stringify(await bed.admin.get(`/${resource}/${id}`)));
    }
  }
  for (const path of ['/dashboard', '/discovery', '/auth/me', '/auth/state']) {
    heard.set(path, JSON.stringify(await bed.admin.get(path)));
  }
  heard.set('metrics', await (await fetch(`${bed.gateway.origin}/metrics`)).text());
}

beforeAll(async () => {
  bed = await TestBed.open({ env: { SPILLWAY_LOG_LEVEL: 'debug' } });
  await provoke();
  await listen();
  await bed.gateway.stop();
  heard.set('stdout', bed.gateway.stdout);
  heard.set('stderr', bed.gateway.stderr);
});
afterAll(() => bed.close());

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** The keys of the gateway itself, in every form in which they might be written down elsewhere. */
function ownKeyForms(): [string, string][] {
  const files = filesOf(bed.gateway.dataDir).filter((path) => path.endsWith('.key'));
  expect(files.map((path) => basename(path)).sort()).toEqual(['jwt.key', 'master.key']);
  return files.flatMap((path): [string, string][] => {
    const text = readFileSync(path, 'utf8').trim();
    const bytes = Buffer.from(text, 'hex');
    const forms = [text, text.toUpperCase(), bytes.toString('base64'), bytes.toString('base64url')];
    return forms.map((form) => [basename(path), form]);
  });
}

const secrets = (): [string, string][] => [
  ['the credential of a provider', providerCredential],
  ['a credential without a known shape', shapelessCredential],
  ['a virtual key', bed.key],
  ['the password of the admin', testAdmin.password],
  ...ownKeyForms(),
];

describe('after many requests and faults', () => {
  it('no answer and no line of output holds a secret', () => {
    expect(heard.size).toBeGreaterThan(40);
    for (const [where, text] of heard) {
      const leaks = secrets().filter(([, secret]) => text.includes(secret));
      expect(`${where}: ${leaks.map(([name]) => name).join()}`).toBe(`${where}: `);
    }
  });

  it('no file holds a secret in plain, except each key in its own', () => {
    for (const path of filesOf(bed.gateway.dataDir)) {
      const bytes = readFileSync(path);
      const leaks = secrets().filter(([, secret]) => bytes.includes(secret));
      const found = leaks.filter(([name]) => name !== basename(path));
      expect(`${path}: ${found.map(([name]) => name).join()}`).toBe(`${path}: `);
      expect(statSync(path).mode & 0o077, path).toBe(0);
    }
  });

  it('the upstream has seen its own credential and nobody else the key of a caller', () => {
    const entries = bed.upstream.log.inference;
    expect(entries.length).toBeGreaterThan(10);
    for (const entry of entries) {
      const text = JSON.stringify(entry.headers) + entry.body;
      expect(text).not.toContain(bed.key);
      expect(text.includes(providerCredential) || text.includes(shapelessCredential)).toBe(true);
    }
    expect(bed.upstream.trapped).toEqual([]);
  });
});
