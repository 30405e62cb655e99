import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../../test/simulation/virtual-time.js';
import type { Clock } from '../clock.js';
import { EngineHealth } from './engine-health.js';

const idle = (): boolean => true;
const tenMinutes = 600_000;

/** An engine on virtual time that counts what it is asked. */
function play(tokenProbeEveryMs: number | null = tenMinutes) {
  const time = new VirtualTime();
  const clock: Clock = {
    now: () => 1_000_000 + time.nowMs,
    monotonicMs: () => time.nowMs,
    schedule: (delayMs, callback) => time.schedule(delayMs, callback),
  };
  const engine = { isThere: true, isAsleep: false, makesTokens: true, tokens: 0, looks: 0 };
  const look = (answer: boolean): Promise<boolean> => {
    engine.looks += 1;
    return Promise.resolve(answer);
  };
  const probes = {
    isPresent: () => look(engine.isThere),
    isResponding: () => look(engine.isThere),
    isAsleep: () => Promise.resolve(engine.isAsleep),
    answersWithToken: () => {
      engine.tokens += 1;
      return Promise.resolve(engine.makesTokens);
    },
  };
  const health = new EngineHealth(clock, probes, tokenProbeEveryMs);
  health.noteProof();
  /** What regular sweeps find in so much time. */
  const sweepFor = async (forMs: number, isIdle = idle): Promise<unknown[]> => {
    const found: unknown[] = [];
    for (let passed = 0; passed < forMs; passed += 30_000) {
      time.advance(30_000);
      found.push(await health.findFault(isIdle));
    }
    return found.filter((fault) => fault !== null);
  };
  return { time, engine, health, sweepFor };
}

describe('the health of an idle engine', () => {
  it('is looked at in every sweep, and proved by a token once in a while', async () => {
    const { engine, health, sweepFor } = play();
    expect(await sweepFor(3_600_000)).toEqual([]);
    expect(engine).toMatchObject({ tokens: 6, looks: 120 });
    expect(health.provenAt).toBe(1_000_000 + 3_600_000);
  });

  it('is not asked for while answers to callers prove it', async () => {
    const { engine, health, sweepFor } = play();
    for (let round = 0; round < 120; round += 1) {
      await sweepFor(30_000);
      health.noteProof();
    }
    expect(engine.tokens).toBe(0);
  });

  it('costs no token where that might load, evict or be paid for', async () => {
    const { engine, sweepFor } = play(null);
    await sweepFor(3_600_000);
    expect(engine).toMatchObject({ tokens: 0, looks: 120 });
  });

  it('is in doubt when it is not there, or makes no token although it answers', async () => {
    const { engine, sweepFor } = play();
    engine.makesTokens = false;
    expect(await sweepFor(570_000)).toEqual([]);
    expect(await sweepFor(30_000)).toEqual(['no-token']);
    engine.isThere = false;
    expect(await sweepFor(30_000)).toEqual(['unresponsive']);
  });

  it('does not wake an engine that put itself to sleep', async () => {
    const { engine, sweepFor } = play();
    engine.isAsleep = true;
    engine.isThere = false;
    expect(await sweepFor(3_600_000)).toEqual([]);
    expect(engine).toMatchObject({ tokens: 0, looks: 0 });
  });

  it('is left to the caller who came while it was looked at', async () => {
    const { engine, sweepFor } = play();
    await sweepFor(3_600_000, () => false);
    expect(engine.tokens).toBe(0);
  });
});

describe('the judgement on a suspect', () => {
  it('takes a token, and counts as a proof', async () => {
    const { health, engine, time } = play();
    time.advance(5000);
    expect(await health.isSound('stalled', idle)).toBe(true);
    expect([engine.tokens, health.provenAt]).toEqual([1, 1_005_000]);
    engine.makesTokens = false;
    expect(await health.isSound('stalled', idle)).toBe(false);
    engine.isThere = false;
    expect(await health.isSound('stalled', idle)).toBe(false);
    expect(engine.tokens).toBe(2);
  });

  it('is made on the server alone where a token may load a model, unless an answer fell silent', async () => {
    const { health, engine } = play(null);
    engine.makesTokens = false;
    expect(await health.isSound('unresponsive', idle)).toBe(true);
    expect(engine.tokens).toBe(0);
    expect(await health.isSound('stalled', idle)).toBe(false);
  });

  it('waits for a free slot, and is made on the server alone when there is none', async () => {
    const { health, engine, time } = play();
    engine.makesTokens = false;
    const judged = health.isSound('stalled', () => false);
    for (let step = 0; step < 400; step += 1) {
      await Promise.resolve();
      time.advance(50);
    }
    expect(await judged).toBe(true);
    expect(engine.tokens).toBe(0);
  });
});
