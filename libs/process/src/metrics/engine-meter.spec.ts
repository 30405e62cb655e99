import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../clock.js';
import { createAttachedPreset } from '../engines/attached.js';
import { createVllmPreset } from '../engines/vllm.js';
import type { EnginePreset } from '../engine-preset.js';
import { EngineMeter } from './engine-meter.js';

interface Played {
  readonly seen: string[];
  text: string;
  isAsleep: boolean;
}

/** An engine that tells `text`, and a clock that stands where the test puts it. */
async function play(preset: EnginePreset = createVllmPreset(), listener?: RequestListener) {
  const engine: Played = { seen: [], text: '', isAsleep: false };
  const server = createServer((request, response) => {
    engine.seen.push(request.url ?? '');
    if (listener === undefined) response.end(engine.text);
    else listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const time = { ms: 0 };
  const clock: Clock = {
    now: () => 1_000_000 + time.ms,
    monotonicMs: () => time.ms,
    schedule: () => () => undefined,
  };
  const run = { origin, servedModel: 'a b' };
  const probes = { isAsleep: () => Promise.resolve(engine.isAsleep) };
  return { engine, time, meter: new EngineMeter(clock, { preset, run, probes }) };
}

const busy = { leases: 1, lastUsedAt: null };
const told = (tokens: number): string => `vllm:generation_tokens_total{m="x"} ${tokens}`;

describe('EngineMeter', () => {
  it('makes rates of the counters of two readings', async () => {
    const { engine, time, meter } = await play();
    engine.text = told(100);
    await meter.refresh(busy);
    expect(meter.reading).toMatchObject({ generatedTokens: 100, generatedTokensPerSecond: null });
    time.ms = 5000;
    engine.text = told(350);
    await meter.refresh(busy);
    expect(meter.reading).toMatchObject({ at: 1_005_000, generatedTokensPerSecond: 50 });
    time.ms = 10_000;
    engine.text = told(10);
    await meter.refresh(busy);
    expect(meter.reading).toMatchObject({ generatedTokens: 10, generatedTokensPerSecond: null });
  });

  it('takes the time an engine worked where it tells it', async () => {
    const [source] = createVllmPreset().traits?.metrics ?? [];
    if (source?.form !== 'prometheus') throw new Error('It has no such source.');
    const figures = { generatedTokens: ['tokens'], generatedSeconds: ['seconds'] };
    const traits = { ...createVllmPreset().traits, metrics: [{ ...source, figures }] };
    const { engine, time, meter } = await play({ ...createVllmPreset(), traits } as EnginePreset);
    engine.text = 'tokens 0\nseconds 0';
    await meter.refresh(busy);
    time.ms = 60_000;
    engine.text = 'tokens 100\nseconds 2';
    await meter.refresh(busy);
    expect(meter.reading?.generatedTokensPerSecond).toBe(50);
    time.ms = 65_000;
    await meter.refresh(busy);
    expect(meter.reading?.generatedTokensPerSecond).toBe(0);
  });

  it('leaves an engine alone that sleeps, or that nobody has used since it came to rest', async () => {
    const { engine, time, meter } = await play();
    engine.isAsleep = true;
    await meter.refresh(busy);
    expect(engine.seen).toEqual([]);
    engine.isAsleep = false;
    engine.text = told(1);
    const idle = { leases: 0, lastUsedAt: 1_000_000 };
    for (const ms of [0, 5000, 10_000, 15_000, 20_000, 1e9]) {
      time.ms = ms;
      await meter.refresh(idle);
    }
    expect(engine.seen).toHaveLength(4);
  });

  it('looks once a minute at a server that others may use', async () => {
    const metrics = createVllmPreset().traits?.metrics ?? [];
    const attached = createAttachedPreset();
    const traits = { ...attached.traits, metrics };
    const { engine, time, meter } = await play({ ...attached, traits } as EnginePreset);
    engine.text = told(1);
    for (const ms of [0, 59_000, 60_000]) {
      time.ms = ms;
      await meter.refresh({ leases: 0, lastUsedAt: null });
    }
    expect(engine.seen).toHaveLength(2);
  });

  it('forgets what an engine told that has not answered for half a minute', async () => {
    let status = 200;
    const { time, meter } = await play(createVllmPreset(), (_request, response) =>
      response.writeHead(status).end(told(1)),
    );
    await meter.refresh(busy);
    status = 500;
    time.ms = 29_000;
    await meter.refresh(busy);
    expect(meter.reading).not.toBeNull();
    time.ms = 30_000;
    await meter.refresh(busy);
    expect(meter.reading).toBeNull();
  });

  it('gives up on an answer without end, and asks nothing while one is under way', async () => {
    const { engine, meter } = await play(createVllmPreset(), (_request, response) => {
      const timer = setInterval(() => response.write(`${'x'.repeat(300_000)}\n`), 1);
      response.on('close', () => clearInterval(timer));
    });
    await Promise.all([meter.refresh(busy), meter.refresh(busy)]);
    expect(engine.seen).toEqual(['/metrics']);
    expect(meter.reading).toBeNull();
  });
});
