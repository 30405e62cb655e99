import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRoutes, type ListedRoute } from '../../apps/api/src/access/list-routes.js';
import { HostEnvironment } from '../../apps/api/src/config/host-environment.js';
import { resolveConfig } from '../../apps/api/src/config/resolve-config.js';
import { createApp } from '../../apps/api/src/create-app.js';

/** Everything that answers without a key or a sign-in, besides the files of the panel. */
const publicRoutes = [
  'GET /api/auth/state',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  'HEAD /health/live',
  'HEAD /health/ready',
  'POST /api/auth/login',
  'POST /api/auth/setup',
];
/** The panel: a page and its assets, which hold no data. */
const panelRoute =
  /^(GET|HEAD) \/(index\.html|assets\/[\w.-]+|[\w.-]+\.(svg|png|ico|webmanifest|txt))?$/;

const dataDir = mkdtempSync(join(tmpdir(), 'spillway-routes-'));
let app: NestFastifyApplication;
let routes: readonly ListedRoute[];

beforeAll(async () => {
  const config = resolveConfig({
    SPILLWAY_DATA_DIR: dataDir,
    SPILLWAY_PORT: '0',
    SPILLWAY_DISCOVERY: 'off',
    SPILLWAY_EMBEDDED_ENGINE: 'off',
    SPILLWAY_LOG_LEVEL: 'error',
  });
  app = await createApp(config, new HostEnvironment({}));
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  routes = listRoutes(app);
}, 60_000);
afterAll(async () => {
  await app?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const nameOf = ({ method, url }: ListedRoute): string => `${method} ${url}`;
const isPanel = (route: ListedRoute): boolean => panelRoute.test(nameOf(route));
/** A URL that fits the pattern of a route. */
const exampleOf = (url: string): string => url.replace(/:\w+/g, 'x').replace('*', 'x');

describe('the routes of the application', () => {
  it('are public only where this list says so', () => {
    const open = routes.filter((route) => route.access === 'public' && !isPanel(route));
    expect(open.map(nameOf).sort()).toEqual(publicRoutes);
  });

  it('take a virtual key for inference only', () => {
    const inference = routes.filter(({ access }) => access === 'inference').map(nameOf);
    expect(inference.length).toBeGreaterThanOrEqual(4);
    for (const name of inference) expect(name).toMatch(/^(GET|POST|DELETE) \/v1(beta)?\//);
    const others = routes.filter(
      ({ url, access }) => url.startsWith('/v1') && access !== 'inference',
    );
    // shows what requests would become, for administrators
    expect(others.map(nameOf)).toEqual(['POST /v1/translate']);
  });

  it('answer 401 to a stranger, every one that is not public', async () => {
    const closed = routes.filter((route) => route.access !== 'public' && !isPanel(route));
    expect(closed.length).toBeGreaterThan(30);
    const strangers: Record<string, string>[] = [
      {},
      { authorization: 'Bearer nonsense' },
      { 'x-api-key': 'nonsense' },
      { cookie: 'spillway_session=nonsense' },
    ];
    const open: string[] = [];
    for (const route of closed) {
      for (const headers of strangers) {
        const answer = await app.inject({
          method: route.method as 'GET',
          url: exampleOf(route.url),
          headers: { host: '127.0.0.1', ...headers },
        });
        if (answer.statusCode !== 401) open.push(`${nameOf(route)} ${answer.statusCode}`);
      }
    }
    expect(open).toEqual([]);
  });

  it('cannot be reached by writing their path in another way', async () => {
    const spellings = [
      '//api/providers',
      '/api//providers',
      '/API/providers',
      '/api/providers/',
      '/api/./providers',
      '/api/%70roviders',
      '/api/providers;x=1',
      '/%61pi/providers',
      '/health/../api/providers',
    ];
    for (const url of spellings) {
      for (const method of ['GET', 'HEAD'] as const) {
        const { statusCode } = await app.inject({ method, url, headers: { host: '127.0.0.1' } });
        expect([401, 404, 405]).toContain(statusCode);
      }
    }
  });
});
