import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { ManagementClient, testAdmin } from '../support/management-client.js';
import { startGateway, type GatewayProcess } from '../support/start-gateway.js';
import { findChromium } from './find-chromium.js';

const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const executablePath = findChromium();
let gateway: GatewayProcess;
let upstream: FakeUpstream;
let browser: Browser;
let page: Page;
/** What the browser complained about: scripts that threw, refused content, calls that failed. */
const complaints: string[] = [];

beforeAll(async () => {
  if (executablePath === null) return;
  upstream = await startFakeUpstream();
  gateway = await startGateway();
  browser = await chromium.launch({ executablePath, args: launchArguments });
  page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(gateway.origin) && !request.url().startsWith('data:')) {
      complaints.push(`left this machine: ${request.url()}`);
    }
  });
  page.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`);
  });
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
  await upstream?.close();
});
afterEach(() => {
  expect(complaints.splice(0)).toEqual([]);
});

const open = (path: string): Promise<unknown> => page.goto(`${gateway.origin}/#${path}`);
const field = (label: string) => page.getByLabel(label, { exact: true });
const seen = (text: string | RegExp) => page.getByText(text).first().waitFor();
const save = () => page.getByRole('button', { name: 'Save' }).click();
const choose = async (label: string | RegExp, option: string): Promise<void> => {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option }).click();
};

describe.skipIf(executablePath === null)('the panel in a browser', () => {
  it('creates the first admin through the link on the console', async () => {
    await expect.poll(() => gateway.stdout).toContain('#/setup?token=');
    const token = (await readFile(join(gateway.dataDir, 'setup-token'), 'utf8')).trim();
    await open(`/setup?token=${token}`);
    await field('Username').fill(testAdmin.username);
    await field('Password').fill(testAdmin.password);
    await field('Confirm password').fill(testAdmin.password);
    await page.getByRole('button', { name: 'Create admin' }).click();
    await page.getByRole('menuitem', { name: /providers/i }).waitFor();
    expect(page.url()).not.toContain(token);
  });

  it('makes a provider', async () => {
    await open('/providers/create');
    await field('Name')
      .or(page.getByRole('textbox', { name: /^Name/ }))
      .first()
      .fill('browser-made');
    await page.getByRole('textbox', { name: /^Base URL/ }).fill(upstream.openaiUrl);
    await page
      .getByRole('switch', { name: /private address/ })
      .or(page.getByLabel(/private address/))
      .first()
      .check();
    await page
      .getByLabel(/^API key/)
      .first()
      .fill('sk-browser-canary');
    await save();
    await seen('browser-made');
    expect(await page.content()).not.toContain('sk-browser-canary');
  });

  it('makes a route to it', async () => {
    await open('/model-routes/create');
    await page.getByRole('textbox', { name: /^Name/ }).fill('browser-route');
    await page.getByRole('radio', { name: /^Allowed/ }).check();
    await choose(/^Kind/, 'Provider (cloud)');
    await choose(/^Provider/, 'browser-made');
    await page.getByRole('textbox', { name: /^Model at the provider/ }).fill('say-hello');
    await save();
    await seen('browser-route');
  });

  it('shows a request with what happened to it', async () => {
    const admin = await ManagementClient.signIn(gateway);
    const { secret } = await admin.createKey({ name: 'browser-key' });
    const response = await fetch(`${gateway.origin}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'browser-route', messages: [{ role: 'user', content: 'Hi' }] }),
    });
    expect(response.status).toBe(200);
    const id = response.headers.get('x-spillway-request-id') ?? '';
    await admin.requestLog(id);
    await open('/request-logs');
    await page.getByRole('row').filter({ hasText: 'browser-route' }).first().click();
    await page.waitForURL(new RegExp(id));
    await seen(/provider:browser-made\/say-hello|browser-made/);
    await seen(/completed/i);
  });

  it.each([
    '/',
    '/model-routes',
    '/providers',
    '/virtual-keys',
    '/local-models',
    '/instances',
    '/request-logs',
    '/discovery',
  ])('opens %s without a complaint', async (path) => {
    await open(path);
    await page.getByRole('menuitem', { name: /providers/i }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.getByText(/something went wrong/i).count()).toBe(0);
  });

  it('signs out, and then shows nothing any more', async () => {
    await page
      .getByRole('button', { name: /profile|account|tester/i })
      .first()
      .click();
    await page.getByRole('menuitem', { name: /log ?out|sign out/i }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await open('/providers');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.getByText('browser-made').count()).toBe(0);
  });
});
