import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TargetFields } from '../support/management-client/row-fields.js';
import { expectError } from './error-shape.js';
import { protocols, TestBed } from './test-bed.js';

let bed: TestBed;
let working: TargetFields;
let failing: TargetFields;
beforeAll(async () => {
  bed = await TestBed.open();
  working = await bed.localTarget('say-hello');
  failing = await bed.localTarget('status-500');
});
afterAll(() => bed.close());

/** The cloud target answers under this name, so that one look tells whether it was ever asked. */
const cloudModel = 'long-20';

describe.each(protocols)('what must stay on this machine, asked for in %s', (protocol) => {
  const name = (suffix: string): string => `${protocol}-${suffix}`;
  const cloud = (): TargetFields => bed.target(protocol, cloudModel);

  it.each([
    ['a route that never allows the cloud', { cloud: 'never' as const }],
    ['a private route', { isPrivate: true }],
    ['a private route that allows the cloud', { isPrivate: true, cloud: 'allow' as const }],
    ['a private route that prefers it', { isPrivate: true, cloud: 'prefer' as const }],
  ])('%s does not reach a provider, even when nothing else is left', async (text, settings) => {
    const onlyCloud = name(`only-${text.length}`);
    await bed.admin.createRoute({ name: onlyCloud, targets: [cloud()], ...settings });
    for (const isStream of [false, true]) {
      const response = await bed.ask(protocol, onlyCloud, { isStream });
      await expectError(protocol, response, 'no_available_target');
    }
    const broken = name(`broken-${text.length}`);
    await bed.admin.createRoute({ name: broken, targets: [cloud(), failing], ...settings });
    const response = await bed.ask(protocol, broken);
    expect(response.headers.get('x-spillway-attempts')).not.toContain('provider:');
    await expectError(protocol, response, 'upstream_error');
  });

  it('a private key does not reach a provider on any route', async () => {
    const key = (await bed.admin.createKey({ name: name('private'), isPrivate: true })).secret;
    const route = name('open');
    await bed.admin.createRoute({ name: route, targets: [failing, cloud()] });
    const response = await bed.ask(protocol, route, { key });
    await expectError(protocol, response, 'upstream_error');
  });

  it('is served here where it can be', async () => {
    const route = name('served');
    await bed.admin.createRoute({ name: route, targets: [cloud(), working], isPrivate: true });
    const response = await bed.ask(protocol, route);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-spillway-served-by')).toBe('local:attached-say-hello');
  });

  it('becomes private with the very next request', async () => {
    const route = name('turns');
    const { id } = await bed.admin.createRoute({
      name: route,
      targets: [bed.target(protocol, 'say-hello')],
    });
    expect((await bed.ask(protocol, route)).status).toBe(200);
    await bed.admin.update('model-routes', id, { isPrivate: true });
    await expectError(protocol, await bed.ask(protocol, route), 'no_available_target');
  });
});

describe('the provider', () => {
  it('has not seen a single one of these requests', () => {
    expect(bed.upstream.log.ofModel(cloudModel)).toEqual([]);
  });
});
