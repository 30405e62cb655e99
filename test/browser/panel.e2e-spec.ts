import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LocalEngines } from '../e2e/local-engines.js';
import { FakeHub } from '../support/fake-hub.js';
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
const engines = new LocalEngines();
let gateway: GatewayProcess;
let upstream: FakeUpstream;
let hub: FakeHub;
let browser: Browser;
let page: Page;
/** What the browser complained about: scripts that threw, refused content, calls that failed. */
const complaints: string[] = [];

beforeAll(async () => {
  if (executablePath === null) return;
  upstream = await startFakeUpstream();
  engines.writeModel('browser-model');
  hub = await FakeHub.start();
  const env = {
    ...engines.env,
    SPILLWAY_MODEL_DOWNLOADS: 'on',
    SPILLWAY_HUB_URL: hub.url,
    SPILLWAY_HUB_PRIVATE_NETWORK: 'on',
  };
  gateway = await startGateway({ env });
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
  await hub?.close();
});
afterEach(() => {
  expect(complaints.splice(0)).toEqual([]);
});

const open = (path: string): Promise<unknown> => page.goto(`${gateway.origin}/#${path}`);
const field = (label: string) => page.getByLabel(label, { exact: true });
const seen = (text: string | RegExp) => page.getByText(text).first().waitFor();
const save = () => page.getByRole('button', { name: 'Save' }).click();
const choose = async (label: string | RegExp, option: string | RegExp): Promise<void> => {
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

  it('makes a Gemini provider from its preset', async () => {
    await open('/providers/create');
    await page.getByRole('link', { name: 'Google Gemini' }).click();
    await expect
      .poll(() => page.getByRole('textbox', { name: /^Base URL/ }).inputValue())
      .toBe('https://generativelanguage.googleapis.com/v1beta');
    await page.getByRole('combobox', { name: /^Also speaks/ }).fill('embed');
    await page.getByRole('option', { name: 'OpenAI Embeddings' }).click();
    await save();
    await page.waitForURL(/#\/providers$/);
    await seen('Gemini generateContent');
    const admin = await ManagementClient.signIn(gateway);
    expect(await admin.get('/providers')).toContainEqual(
      expect.objectContaining({
        name: 'gemini',
        protocol: 'gemini-generate',
        alsoSpeaks: ['openai-embeddings'],
      }),
    );
  });

  it('overrides a capability of a target, and sends nothing else', async () => {
    await open('/model-routes/create');
    await page.getByRole('textbox', { name: /^Name/ }).fill('gemini-route');
    await page.getByRole('radio', { name: /^Allowed/ }).check();
    await page.getByRole('radio', { name: /^Lenient/ }).check();
    await page.getByRole('spinbutton', { name: /^Longest wait for the first/ }).fill('2.5');
    await choose(/^Kind/, 'Provider (cloud)');
    await choose(/^Provider/, 'gemini');
    await page.getByRole('textbox', { name: /^Model at the provider/ }).fill('gemini-2.5-flash');
    await page.getByRole('button', { name: 'Capabilities' }).click();
    await page.getByRole('button', { name: 'Override a capability' }).click();
    await page.getByRole('menuitem', { name: 'Takes top_k' }).click();
    await choose('Takes top_k', 'No');
    await page.getByRole('button', { name: 'Override a capability' }).click();
    await page.getByRole('menuitem', { name: 'Longest answer' }).click();
    await field('Longest answer').fill('4096');
    await save();
    await page.waitForURL(/#\/model-routes$/);
    await seen('gemini-route');
    const admin = await ManagementClient.signIn(gateway);
    const routes = await admin.get('/model-routes');
    expect(routes).toContainEqual(
      expect.objectContaining({
        name: 'gemini-route',
        lossMode: 'lenient',
        firstByteTimeoutMs: 2500,
        targets: [
          expect.objectContaining({ capabilities: { takesTopK: false, maxOutputTokens: 4096 } }),
        ],
      }),
    );
  });

  it('gives a route a fallback budget, and shows what is spent of it', async () => {
    const admin = await ManagementClient.signIn(gateway);
    const routes = await admin.list<{ id: string; name: string }>('model-routes');
    const id = routes.find(({ name }) => name === 'gemini-route')?.id ?? '';
    await open(`/model-routes/${id}`);
    await seen('$0.00, no limit');
    await page.getByRole('spinbutton', { name: /^Fallback budget/ }).fill('2.5');
    await choose(/^Counted/, 'per day (UTC)');
    await save();
    await page.waitForURL(/#\/model-routes$/);
    await seen('$0.00 of $2.50');
    expect(await admin.get(`/model-routes/${id}`)).toMatchObject({
      fallbackBudgetNanos: 2_500_000_000,
      fallbackBudgetWindow: 'day',
    });
  });

  it('makes a key with a way of its own with losses', async () => {
    await open('/virtual-keys/create');
    await page.getByRole('textbox', { name: /^Name/ }).fill('browser-made-key');
    await expect
      .poll(() => page.getByRole('radio', { name: 'As the route says' }).isChecked())
      .toBe(true);
    await page.getByRole('radio', { name: /^Strict/ }).check();
    await page.getByRole('switch', { name: /URLs fetched/ }).check();
    await save();
    await seen(/sk-sw-/);
    const admin = await ManagementClient.signIn(gateway);
    expect(await admin.get('/virtual-keys')).toContainEqual(
      expect.objectContaining({
        name: 'browser-made-key',
        lossMode: 'strict',
        mayFetchUrls: true,
      }),
    );
  });

  it('shows what a request becomes for each target before it is sent', async () => {
    await open('/translate');
    await choose('Protocol', 'Anthropic Messages');
    const translate = () => page.getByRole('button', { name: 'Translate' }).click();
    const body = field('Request body');
    await body.fill('{"model": "gemini-route", ');
    await translate();
    await seen(/^This is not JSON/);
    await body.fill('{"model": "no-such-route", "max_tokens": 9, "messages": []}');
    await translate();
    await seen(/There is no enabled route/);
    const request = {
      model: 'gemini-route',
      max_tokens: 99,
      top_k: 40,
      messages: [{ role: 'user', content: 'Hi' }],
    };
    await body.fill(JSON.stringify(request));
    await translate();
    await seen('gemini/gemini-2.5-flash');
    await seen('POST /v1beta/models/gemini-2.5-flash:generateContent');
    await seen('dropped');
    await seen('top_k');
    await seen(/"maxOutputTokens": 99/);
    await page.getByRole('button', { name: 'As sent' }).click();
    await seen(/"maxOutputTokens":99/);
    await choose('Losses', /^Strict/);
    await translate();
    await seen('refused');
    await choose('Protocol', 'Gemini generateContent');
    await choose('Model', 'gemini-route');
    await page.getByRole('button', { name: 'Back to the example' }).click();
    await translate();
    await seen('passes through');
  });

  it('shows a request with what happened to it', async () => {
    const admin = await ManagementClient.signIn(gateway);
    const { secret } = await admin.createKey({ name: 'browser-key' });
    const messages = [{ role: 'user', content: 'Hi' }];
    const response = await fetch(`${gateway.origin}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'browser-route', max_tokens: 99, top_k: 40, messages }),
    });
    expect(response.status).toBe(200);
    const id = response.headers.get('x-spillway-request-id') ?? '';
    await admin.requestLog(id);
    await open('/request-logs');
    await page.getByRole('row').filter({ hasText: 'browser-route' }).first().click();
    await page.waitForURL(new RegExp(id));
    await seen(/provider:browser-made\/say-hello|browser-made/);
    await seen(/completed/i);
    await seen('1 warning');
    await seen('top_k');
  });

  it('makes a found model callable in one click, loads it, pins it and stops it', async () => {
    await open('/local-models/create');
    await page.getByRole('button', { name: 'browser-model' }).click();
    await page.waitForURL(/#\/local-models$/);
    const row = page.getByRole('row').filter({ hasText: 'browser-model' });
    await row.getByRole('button', { name: 'Load' }).click();
    await row.getByText('ready').waitFor();
    await row.getByRole('button', { name: /^More commands/ }).click();
    expect(await page.getByRole('menuitem', { name: /^Sleep/ }).getAttribute('aria-disabled')).toBe(
      'true',
    );
    await page.getByRole('menuitem', { name: /^Pin/ }).click();
    const admin = await ManagementClient.signIn(gateway);
    const pinned = async () => (await admin.list<{ isPinned: boolean }>('local-models'))[0];
    await expect.poll(async () => (await pinned())?.isPinned).toBe(true);
    await row.getByText('browser-model').first().click();
    await page.waitForURL(/#\/local-models\/[\w-]+$/);
    await page.getByRole('button', { name: 'Unpin' }).click();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('cold', { exact: true }).waitFor();
    expect(await pinned()).toMatchObject({ isPinned: false });
  });

  it('changes how a model is supervised, and sends nothing else', async () => {
    await open('/local-models');
    await page
      .getByRole('row')
      .filter({ hasText: 'browser-model' })
      .getByText('browser-model')
      .first()
      .click();
    await page.getByRole('spinbutton', { name: /^Memory it takes/ }).fill('1.5');
    await page.getByRole('textbox', { name: /^Never together with/ }).fill('large');
    await page.getByRole('spinbutton', { name: /^Stays for at least/ }).fill('90');
    await choose(/^When a model has to leave/, 'Keep it longer than others');
    await save();
    await page.waitForURL(/#\/local-models$/);
    const admin = await ManagementClient.signIn(gateway);
    expect((await admin.list('local-models'))[0]).toMatchObject({
      memoryBytes: 1.5 * 1024 ** 3,
      exclusiveGroup: 'large',
      minResidencyMs: 90_000,
      keepWeight: 4,
      whenAbandoned: 'auto',
      isPinned: false,
    });
  });

  it('pauses loading, and changes the memory budget', async () => {
    await open('/local-models');
    const admin = await ManagementClient.signIn(gateway);
    const resources = () =>
      admin.get<{ isPaused: boolean; memoryBudgetBytes: number | null }>('/local-resources');
    const pause = page.getByRole('switch', { name: 'Pause loading' });
    await pause.click();
    await seen(/Nothing is loaded while paused/);
    expect((await resources()).isPaused).toBe(true);
    await pause.click();
    await expect.poll(async () => (await resources()).isPaused).toBe(false);
    await page.getByRole('button', { name: 'Change the budget' }).click();
    await page.getByRole('spinbutton', { name: /^Budget/ }).fill('2');
    await save();
    await expect.poll(async () => (await resources()).memoryBudgetBytes).toBe(2 * 1024 ** 3);
  });

  it('fetches a model, shows how it comes, and makes it callable', async () => {
    const weights = Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(400_000)]);
    hub.add('org/model', { 'tiny-Q4.gguf': weights });
    hub.fault = ({ server }) => (server === 'store' ? { stallAfterBytes: 200_000 } : null);
    await open('/model-downloads');
    await page.getByRole('link', { name: 'Fetch a model' }).first().click();
    await page.getByRole('textbox', { name: /^Repository/ }).fill(`${hub.url}/org/model`);
    await page.getByRole('textbox', { name: /^Files/ }).fill('*.gguf');
    await save();
    await seen('200 kB of 400 kB');
    await page.getByRole('button', { name: 'Pause' }).click();
    await seen('paused');
    hub.reset();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Use as local model' }).click();
    await page.waitForURL(/#\/local-models\//);
    const admin = await ManagementClient.signIn(gateway);
    const models = await admin.get<{ name: string }[]>('/model-routes');
    expect(models.map(({ name }) => name)).toContain('tiny-Q4');
  });

  it('takes a token of the hub and never shows it', async () => {
    await open('/model-downloads');
    await page.getByRole('button', { name: 'Add token' }).click();
    await field('Token').fill('hf_browser_canary_token');
    await page.getByRole('button', { name: 'Store' }).click();
    await seen(/open with the token …oken/);
    expect(await page.content()).not.toContain('hf_browser_canary_token');
  });

  it('follows the log of an engine, shows what it tells, and how it ended', async () => {
    const admin = await ManagementClient.signIn(gateway);
    const modelPath = engines.writeModel('printing', { lines: 3 });
    const fields = { name: 'printing', engine: 'llama-server', modelPath };
    const { id: localModelId } = await admin.createLocalModel(fields);
    await admin.createRoute({ name: 'printing', targets: [{ kind: 'local', localModelId }] });
    const { secret } = await admin.createKey({ name: 'for-printing' });
    const ask = async (): Promise<void> => {
      const answer = await fetch(`${gateway.origin}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'printing', messages: [{ role: 'user', content: 'Hi' }] }),
      });
      expect(answer.status).toBe(200);
      await answer.text();
    };
    await ask();
    await open('/instances');
    await page.getByRole('cell', { name: /printing/ }).click();
    await seen('line 3');
    await ask();
    await seen('line 6');
    await seen('Context cache in use');
    expect(await page.getByText('line 3', { exact: true }).count()).toBe(1);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await seen('How it ended');
    await seen('It was stopped by hand.');
    expect(await page.getByText('line 6', { exact: true }).count()).toBe(1);
  });

  it.each([
    '/',
    '/model-routes',
    '/providers',
    '/virtual-keys',
    '/local-models',
    '/model-downloads',
    '/instances',
    '/request-logs',
    '/discovery',
    '/translate',
  ])('opens %s without a complaint', async (path) => {
    await open(path);
    await page.getByRole('menuitem', { name: /providers/i }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.getByText(/something went wrong/i).count()).toBe(0);
  });

  it('leads to the programs that a narrow window has no room for', async () => {
    await page.setViewportSize({ width: 640, height: 860 });
    await open('/');
    const hidden = page.getByRole('tab', { name: 'Completions' });
    const rightEdge = (): Promise<number> =>
      hidden.evaluate((tab) => tab.getBoundingClientRect().right);
    await expect.poll(rightEdge).toBeGreaterThan(640);
    for (let click = 0; click < 2; click += 1) {
      await page.locator('.MuiTabs-scrollButtons').last().click();
      // it must stay there: a list that scrolls back at once passes through the right place too
      await page.waitForTimeout(700);
    }
    expect(await rightEdge()).toBeLessThan(640);
  });

  it('can be used on a phone, and when a window is made as narrow as one', async () => {
    const phone = { width: 420, height: 860 };
    const menu = () => page.getByRole('menuitem', { name: /requests/i });
    const usable = () => page.getByRole('button', { name: 'Week' }).click();
    await open('/');
    await menu().waitFor();
    await page.setViewportSize(phone);
    await usable();
    const context = await browser.newContext({ viewport: phone });
    const other = await context.newPage();
    await other.goto(`${gateway.origin}/#/login`);
    await other.getByLabel('Username').fill(testAdmin.username);
    await other.getByLabel('Password').fill(testAdmin.password);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByRole('button', { name: 'Week' }).click({ timeout: 5000 });
    await other.getByRole('button', { name: 'Open menu' }).click();
    await other.getByRole('menuitem', { name: /requests/i }).click();
    await other.getByRole('heading', { name: 'Requests', level: 1 }).waitFor();
    await context.close();
    await page.setViewportSize({ width: 1400, height: 1000 });
    await menu().waitFor();
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
