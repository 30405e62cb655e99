import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VirtualKey } from '../support/management-client.js';
import type { KeyFields } from '../support/management-client/row-fields.js';
import { expectError } from './error-shape.js';
import { costNanosOf, inferencePath, protocols, TestBed } from './test-bed.js';

let bed: TestBed;
let model: string;
beforeAll(async () => {
  bed = await TestBed.open();
  model = await bed.route('openai-chat', 'say-hello');
});
afterAll(() => bed.close());

let count = 0;
const makeKey = (fields: Partial<KeyFields> = {}) =>
  bed.admin.createKey({ name: `key-${(count += 1)}`, ...fields });
const statusWith = async (key: string): Promise<number> => {
  const response = await bed.ask('openai-chat', model, { key });
  await response.text();
  return response.status;
};

describe.each(protocols)('a caller that speaks %s', (protocol) => {
  it.each([
    ['no key', { authorization: '' }],
    ['a wrong key', { authorization: 'Bearer sk-sw-this-is-not-a-key' }],
    ['a key of another kind of login', { authorization: 'Basic dGVzdGVyOnBhc3N3b3Jk' }],
  ])('is not let in with %s', async (_name, headers) => {
    const response = await bed.ask(protocol, model, { headers });
    await expectError(protocol, response, 'authentication_failed');
  });

  it('may send its key in either header, or the same one in both', async () => {
    for (const headers of [
      { authorization: '', 'x-api-key': bed.key },
      { authorization: `Bearer ${bed.key}`, 'x-api-key': bed.key },
    ]) {
      expect((await bed.ask(protocol, model, { headers })).status).toBe(200);
    }
  });

  it('is refused with two different keys', async () => {
    const other = (await makeKey()).secret;
    const response = await bed.ask(protocol, model, { headers: { 'x-api-key': other } });
    await expectError(protocol, response, 'invalid_request');
  });

  it('is refused with a key in the URL, even a good one', async () => {
    const url = `${bed.gateway.origin}${inferencePath(protocol, model, false)}?api_key=${bed.key}`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    const message = await expectError(protocol, response, 'key_in_url');
    expect(message).not.toContain(bed.key);
  });

  it('does not learn whether a model that it may not use exists', async () => {
    const { secret } = await makeKey({ allowedRoutes: [model] });
    const hidden = await bed.route('openai-chat', 'long-20');
    const messages = [];
    for (const name of [hidden, 'no-such-model']) {
      const response = await bed.ask(protocol, name, { key: secret });
      const message = await expectError(protocol, response, 'model_not_found');
      messages.push(message.replaceAll(name, 'NAME'));
    }
    expect(messages[0]).toBe(messages[1]);
    expect((await bed.ask(protocol, model, { key: secret })).status).toBe(200);
  });

  it('is told that its budget is spent, and not to try again', async () => {
    const { secret } = await makeKey({ budgetNanos: 10 });
    const response = await bed.ask(protocol, model, { key: secret });
    expect(response.headers.get('x-should-retry')).toBe('false');
    await expectError(protocol, response, 'budget_exceeded');
  });

  it('is told when it may try again after too many requests', async () => {
    const { secret } = await makeKey({ requestsPerMinute: 2 });
    const answers = [];
    for (let turn = 0; turn < 3; turn += 1)
      answers.push(await bed.ask(protocol, model, { key: secret }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    const last = answers[2] as Response;
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    await expectError(protocol, last, 'rate_limited');
  });
});

describe('a virtual key', () => {
  it('is shown once and never again', async () => {
    const made = await makeKey();
    expect(made.secret).toMatch(/^sk-sw-/);
    expect(made.secret.startsWith(made.prefix)).toBe(true);
    const read = await bed.admin.get<VirtualKey>(`/virtual-keys/${made.id}`);
    expect(JSON.stringify(read)).not.toContain(made.secret);
  });

  it('stops working with the very next request when it is disabled', async () => {
    const { id, secret } = await makeKey();
    expect(await statusWith(secret)).toBe(200);
    await bed.admin.update('virtual-keys', id, { isEnabled: false });
    const response = await bed.ask('openai-chat', model, { key: secret });
    await expectError('openai-chat', response, 'key_disabled');
    await bed.admin.update('virtual-keys', id, { isEnabled: true });
    expect(await statusWith(secret)).toBe(200);
  });

  it('stops working with the very next request when it is revoked, and keeps its row', async () => {
    const { id, secret } = await makeKey();
    expect(await statusWith(secret)).toBe(200);
    await bed.admin.remove('virtual-keys', id);
    expect(await statusWith(secret)).toBe(401);
    expect((await bed.admin.get<VirtualKey>(`/virtual-keys/${id}`)).revokedAt).not.toBeNull();
  });

  it('stops working when its time is over', async () => {
    const { secret } = await makeKey({ expiresAt: Date.now() + 400 });
    expect(await statusWith(secret)).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const response = await bed.ask('openai-chat', model, { key: secret });
    await expectError('openai-chat', response, 'key_expired');
  });

  it('may not have more requests running at once than it is allowed', async () => {
    const { secret } = await makeKey({ maxConcurrent: 1 });
    const slow = await bed.route('openai-chat', 'slow-50ms');
    const first = await bed.ask('openai-chat', slow, { key: secret, isStream: true });
    const second = await bed.ask('openai-chat', slow, { key: secret });
    await expectError('openai-chat', second, 'concurrency_limited');
    await first.text();
    expect(await statusWith(secret)).toBe(200);
  });

  it('opens nothing but inference, and a sign-in opens nothing but management', async () => {
    const headers = { authorization: `Bearer ${bed.key}` };
    expect((await fetch(`${bed.gateway.origin}/api/providers`, { headers })).status).toBe(401);
    expect(await statusWith(bed.admin.token)).toBe(401);
  });
});

describe('a budget', () => {
  it('holds when many requests come at once', async () => {
    const budgetNanos = 2_000_000;
    const { id, secret } = await makeKey({ budgetNanos });
    const before = bed.upstream.log.ofModel('say-hello').length;
    const statuses = await Promise.all(Array.from({ length: 40 }, () => statusWith(secret)));
    const served = statuses.filter((status) => status === 200).length;
    expect(served).toBeGreaterThan(0);
    expect(statuses.filter((status) => status === 402)).toHaveLength(40 - served);
    const { spentNanos, heldNanos } = await bed.admin.get<VirtualKey>(`/virtual-keys/${id}`);
    const seen = bed.upstream.log.ofModel('say-hello').slice(before);
    expect(seen).toHaveLength(served);
    expect(spentNanos).toBe(seen.reduce((sum, { billed }) => sum + costNanosOf(billed), 0));
    expect(spentNanos).toBeLessThanOrEqual(budgetNanos);
    expect(heldNanos).toBe(0);
  });

  it('can be raised, and what is left is given back by requests that fail', async () => {
    const { id, secret } = await makeKey({ budgetNanos: 500_000 });
    const failing = await bed.route('openai-chat', 'status-500');
    for (let turn = 0; turn < 5; turn += 1) {
      expect((await bed.ask('openai-chat', failing, { key: secret })).status).toBe(502);
    }
    expect(await statusWith(secret)).toBe(200);
    await bed.admin.update('virtual-keys', id, { budgetNanos: 10 });
    expect(await statusWith(secret)).toBe(402);
    await bed.admin.update('virtual-keys', id, { budgetNanos: null });
    expect(await statusWith(secret)).toBe(200);
  });
});
