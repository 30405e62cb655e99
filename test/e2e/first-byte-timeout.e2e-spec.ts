import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestBed } from './test-bed.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.open();
});
afterAll(() => bed.close());

describe('a target that takes the request and does not answer', () => {
  it('is given up after the time the route allows, and its cost is unknown, not zero', async () => {
    const route = await bed.admin.createRoute({
      name: 'impatient',
      cloud: 'allow',
      firstByteTimeoutMs: 400,
      targets: [bed.target('openai-chat', 'hang-headers'), bed.target('openai-chat', 'say-hello')],
    });
    const response = await bed.ask('openai-chat', route.name, { isStream: true });
    expect(response.status).toBe(200);
    await response.text();
    const row = await bed.logOf(response);
    expect(row.attempts.map(({ outcome, errorCode }) => [outcome, errorCode])).toEqual([
      ['failed', 'upstream_timeout'],
      ['completed', null],
    ]);
    expect(row.attempts[0]).toMatchObject({ costNanos: null, costStatus: 'unknown' });
    expect(row).toMatchObject({ costNanos: null, costStatus: 'unknown', outcome: 'completed' });
    expect(row.attempts[0]?.totalMs).toBeLessThan(3_000);
  });
});
