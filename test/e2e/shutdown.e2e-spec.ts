import { afterEach, describe, expect, it } from 'vitest';
import { parseSse, readEvents, sseEvents, takeEvents, textOfEvents } from '../support/read-sse.js';
import { startGateway } from '../support/start-gateway.js';
import { expectError } from './error-shape.js';
import { engineProcesses, LocalEngines, until } from './local-engines.js';
import { TestBed } from './test-bed.js';

const protocols = ['openai-chat', 'anthropic-messages'] as const;

const engines = new LocalEngines();
let bed: TestBed;
afterEach(() => bed.close());

describe('a gateway that is asked to stop', () => {
  it('refuses new requests, finishes its streams, stops its engines and exits with 0', async () => {
    bed = await TestBed.open({ env: engines.env });
    await engines.addModel(bed, 'last');
    expect((await bed.ask('openai-chat', 'last')).status).toBe(200);
    const model = await bed.route('openai-chat', 'slow-50ms-40');
    const streams = await Promise.all(
      protocols.map((protocol) => bed.ask(protocol, model, { isStream: true })),
    );
    bed.gateway.child.kill('SIGTERM');
    await until('it says that it is not ready', async () => {
      const { status } = await fetch(`${bed.gateway.origin}/health/ready`);
      return status === 503;
    });
    const refused = await bed.ask('openai-chat', model);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await expectError('openai-chat', refused, 'shutting_down');
    await expectError(
      'anthropic-messages',
      await bed.ask('anthropic-messages', model),
      'shutting_down',
    );
    const texts = await Promise.all(streams.map((stream) => stream.text()));
    for (const text of texts) expect(textOfEvents(parseSse(text))).toContain('word40');
    expect(texts[0]).toContain('[DONE]');
    expect(texts[1]).toContain('message_stop');
    expect(await bed.gateway.exited).toEqual({ code: 0, signal: null });
    const { dataDir } = bed.gateway;
    expect(engineProcesses(dataDir)).toEqual([]);
    await bed.resume(await startGateway({ dataDir }));
    const attempts = (await bed.admin.allLogs()).flatMap((row) => row.attempts);
    expect(attempts).toHaveLength(3);
    expect(attempts.every(({ state }) => state === 'settled')).toBe(true);
  });

  it('ends what is not finished in time with an error, and still settles it', async () => {
    bed = await TestBed.open({ env: { SPILLWAY_DRAIN_MS: '500' } });
    const model = await bed.route('anthropic-messages', 'hang-mid');
    const streams = await Promise.all(
      protocols.map(async (protocol) =>
        sseEvents(await bed.ask(protocol, model, { isStream: true })),
      ),
    );
    for (const stream of streams) await takeEvents(stream, 3);
    const started = Date.now();
    bed.gateway.child.kill('SIGTERM');
    for (const stream of streams) {
      const rest = await readEvents(stream);
      expect(rest.at(-1)?.data).toContain('"error"');
    }
    expect(await bed.gateway.exited).toEqual({ code: 0, signal: null });
    expect(Date.now() - started).toBeLessThan(6_000);
    await bed.resume(await startGateway({ dataDir: bed.gateway.dataDir }));
    const rows = await bed.admin.allLogs();
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row).toMatchObject({ outcome: 'failed', errorCode: 'shutting_down' });
      expect(row.attempts).toMatchObject([{ state: 'settled', costStatus: 'estimated' }]);
    }
  });

  it('hurries when it is asked twice', async () => {
    bed = await TestBed.open();
    const model = await bed.route('openai-chat', 'hang-mid');
    const stream = sseEvents(await bed.ask('openai-chat', model, { isStream: true }));
    await takeEvents(stream, 3);
    bed.gateway.child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
    bed.gateway.child.kill('SIGTERM');
    const exit = await bed.gateway.exitWithin(8_000);
    expect(exit).toEqual({ code: 0, signal: null });
    expect((await readEvents(stream)).at(-1)?.data).toContain('"error"');
  });
});
