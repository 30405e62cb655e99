import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeenRequest } from '../support/fake-upstream/upstream-log.js';
import type { VirtualKey } from '../support/management-client.js';
import { sseEvents, takeEvents } from '../support/read-sse.js';
import { protocols, TestBed } from './test-bed.js';

/** How long an upstream may go on for nobody. */
const noticeMs = 250;

let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.open();
});
afterAll(() => bed.close());

const newest = (model: string): Promise<SeenRequest> => {
  const { length } = bed.upstream.log.ofModel(model);
  return bed.upstream.log.waitFor(
    (entry) => entry.model === model && bed.upstream.log.ofModel(model).indexOf(entry) >= length,
  );
};

const expectClosed = async (entry: SeenRequest, leftAt: number): Promise<void> => {
  await bed.upstream.log.waitFor((seen) => seen === entry && seen.closedByClientAt !== null, 3_000);
  expect((entry.closedByClientAt ?? Infinity) - leftAt).toBeLessThanOrEqual(noticeMs);
};

describe.each(protocols)('a caller that leaves, speaking %s', (client) => {
  describe.each(protocols)('to an upstream that speaks %s', (upstream) => {
    it('edge 106: stops the upstream in the middle of a stream and is charged for what it got', async () => {
      const model = await bed.route(upstream, 'slow-50ms-200');
      const leaving = new AbortController();
      const entryComing = newest('slow-50ms-200');
      const response = await bed.ask(client, model, { isStream: true, signal: leaving.signal });
      await takeEvents(sseEvents(response), 8);
      const entry = await entryComing;
      const leftAt = Date.now();
      leaving.abort();
      await expectClosed(entry, leftAt);
      const row = await bed.logOf(response);
      expect(row).toMatchObject({ outcome: 'cancelled', costStatus: 'estimated' });
      const [attempt] = row.attempts;
      expect(attempt).toMatchObject({ outcome: 'cancelled', state: 'settled' });
      expect(attempt?.costNanos).toBeGreaterThan(0);
      // more than the provisional count that a stream begins with
      expect(attempt?.outputTokens).toBeGreaterThan(1);
      expect(entry.tokensSent).toBeLessThan(50);
    });

    it('stops the upstream before its first byte', async () => {
      const model = await bed.route(upstream, 'hang-headers');
      const leaving = new AbortController();
      const entryComing = newest('hang-headers');
      const asking = bed.ask(client, model, { isStream: true, signal: leaving.signal });
      const failed = expect(asking).rejects.toThrow();
      const entry = await entryComing;
      const leftAt = Date.now();
      leaving.abort();
      await failed;
      await expectClosed(entry, leftAt);
      const row = await bed.admin.newestLog(model);
      expect(row).toMatchObject({ outcome: 'cancelled', attempts: [{ outcome: 'cancelled' }] });
      expect(row.attempts[0]?.state).not.toBe('dispatched');
    });

    it('stops the upstream while it makes a whole answer', async () => {
      const model = await bed.route(upstream, 'slow-50ms');
      const leaving = new AbortController();
      const entryComing = newest('slow-50ms');
      const asking = bed.ask(client, model, { signal: leaving.signal });
      const failed = expect(asking).rejects.toThrow();
      const entry = await entryComing;
      const leftAt = Date.now();
      leaving.abort();
      await failed;
      await expectClosed(entry, leftAt);
      const row = await bed.admin.newestLog(model);
      expect(row).toMatchObject({ outcome: 'cancelled', costStatus: 'estimated' });
      expect(row.costNanos).toBeGreaterThan(0);
    });
  });
});

describe('after a caller has left', () => {
  it('no other target is tried', async () => {
    const model = await bed.routeTo('leaves-before-spare', [
      bed.target('openai-chat', 'hang-headers'),
      bed.target('openai-chat', 'long-20'),
    ]);
    const entryComing = newest('hang-headers');
    const leaving = new AbortController();
    const failed = expect(
      bed.ask('openai-chat', model, { signal: leaving.signal }),
    ).rejects.toThrow();
    await entryComing;
    leaving.abort();
    await failed;
    expect((await bed.admin.newestLog(model)).attemptCount).toBe(1);
    expect(bed.upstream.log.ofModel('long-20')).toHaveLength(0);
  });

  it('nothing is left set aside of the budget of its key', async () => {
    const keys = await bed.admin.list<VirtualKey>('virtual-keys');
    for (const { id } of keys) {
      const key = await bed.admin.get<VirtualKey>(`/virtual-keys/${id}`);
      expect(key.heldNanos).toBe(0);
    }
  });
});
