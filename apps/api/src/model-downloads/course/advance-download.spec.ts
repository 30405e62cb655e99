import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceDownload } from './advance-download.js';
import type { DownloadEffect, DownloadEvent } from './download-event.js';
import {
  isAtWork,
  mayCommand,
  openDownload,
  type DownloadFailure,
  type DownloadState,
} from './download-state.js';
import { maxDamages, maxFailures, retryDelayMs } from './retry-delay.js';

type Work = Extract<DownloadEffect, { type: 'work' }>;
type Command = 'pause' | 'resume' | 'cancel' | 'shut-down';
/** What the world does next: it answers the work under way, lets time pass, or somebody gives a command. */
type Move =
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'succeed' }
  | { readonly type: 'progress' }
  | { readonly type: 'fail'; readonly failure: DownloadFailure }
  | { readonly type: 'let-go' }
  | { readonly type: 'pass'; readonly ms: number }
  | { readonly type: 'echo' };

const fileCount = 3;

/** A download in a world with virtual time, which watches over what must always hold. */
class World {
  state: DownloadState = openDownload(false);
  now = 0;
  work: Work | null = null;
  private timer: { readonly turn: number; readonly at: number } | null = null;
  private hasSlot = false;
  private isWaitingForSlot = false;
  private wasAborted = false;
  /** Places of files that were found to be right. */
  private readonly verified = new Set<number>();
  private wasChecked = false;
  private readonly old: DownloadEvent[] = [];

  constructor() {
    this.run({ type: 'enqueue' });
    this.settle();
  }

  move(move: Move): void {
    switch (move.type) {
      case 'command':
        return this.send({ type: move.command });
      case 'pass':
        return this.pass(move.ms);
      case 'echo':
        for (const event of this.old.slice(-3)) {
          const before = this.state;
          this.send(event);
          expect(this.state).toEqual(before);
        }
        return;
      case 'progress':
        if (this.work?.phase === 'downloading' && !this.wasAborted)
          this.send({ type: 'progressed', turn: this.work.turn });
        return;
      case 'succeed':
      case 'fail':
      case 'let-go':
        return this.answer(move);
    }
  }

  pass(ms: number): void {
    this.now += ms;
    if (this.timer === null || this.timer.at > this.now) return;
    const { turn } = this.timer;
    this.timer = null;
    this.answered({ type: 'due', turn });
  }

  /** Everything goes well from here on. */
  finish(): void {
    for (let step = 0; step < 200 && !this.isAtRest; step += 1) {
      if (this.work === null) this.pass(this.timer === null ? 0 : this.timer.at - this.now);
      else this.answer({ type: 'succeed' });
    }
  }

  get isAtRest(): boolean {
    return ['paused', 'cancelled', 'failed', 'done'].includes(this.state.phase);
  }

  private answer(move: Extract<Move, { type: 'succeed' | 'fail' | 'let-go' }>): void {
    const { work } = this;
    if (work === null) return;
    if (move.type === 'let-go' && !this.wasAborted) return;
    this.work = null;
    this.wasAborted = false;
    const { turn } = work;
    if (move.type === 'let-go') return this.answered({ type: 'stopped', turn });
    if (move.type === 'fail') {
      const { failure } = move;
      return this.answered({ type: 'failed', turn, failure, now: this.now, jitter: 0.5 });
    }
    this.answered(this.success(work));
  }

  private success({ phase, turn, file }: Work): DownloadEvent {
    switch (phase) {
      case 'resolving':
        return { type: 'resolved', turn };
      case 'checking': {
        this.wasChecked = true;
        const all = Array.from({ length: fileCount }, (_, place) => place);
        return { type: 'checked', turn, missing: all.filter((place) => !this.verified.has(place)) };
      }
      case 'downloading':
        return { type: 'downloaded', turn };
      case 'verifying':
        this.verified.add(file ?? -1);
        return { type: 'verified', turn };
      case 'publishing':
        expect(this.verified.size).toBe(fileCount);
        return { type: 'published', turn };
    }
  }

  private answered(event: DownloadEvent): void {
    this.send(event);
    this.old.push(event);
  }

  private send(event: DownloadEvent): void {
    const { state, effects } = advanceDownload(this.state, event);
    this.state = state;
    for (const effect of effects) this.run(effect);
    this.check();
    this.settle();
  }

  /** A slot is free whenever the download has none. */
  private settle(): void {
    if (!this.isWaitingForSlot) return;
    this.isWaitingForSlot = false;
    this.hasSlot = true;
    this.wasChecked = false;
    this.send({ type: 'admitted' });
  }

  private run(effect: DownloadEffect): void {
    switch (effect.type) {
      case 'enqueue':
        expect(this.hasSlot).toBe(false);
        this.isWaitingForSlot = true;
        return;
      case 'leave':
        this.hasSlot = false;
        this.isWaitingForSlot = false;
        return;
      case 'work':
        // one piece of work at a time, in a turn, and no byte before the space was looked at
        expect([this.work, this.hasSlot]).toEqual([null, true]);
        if (effect.phase === 'downloading') {
          expect([this.wasChecked, this.verified.has(effect.file ?? -1)]).toEqual([true, false]);
        }
        this.work = effect;
        return;
      case 'abort':
        expect(this.work?.turn).toBe(effect.turn);
        this.wasAborted = true;
        return;
      case 'arm':
        expect(this.timer).toBeNull();
        this.timer = { turn: effect.turn, at: this.now + effect.delayMs };
        return;
      case 'disarm':
        this.timer = null;
        return;
      case 'discard':
        expect(this.work).toBeNull();
    }
  }

  private check(): void {
    const { phase, failureCount, damageCount, retryAt } = this.state;
    expect(this.work !== null).toBe(isAtWork(this.state) || phase === 'stopping');
    expect(this.timer !== null).toBe(phase === 'waiting');
    expect(this.hasSlot).toBe(isAtWork(this.state) || phase === 'stopping');
    expect(retryAt !== null).toBe(phase === 'waiting');
    expect(failureCount).toBeLessThanOrEqual(maxFailures + 1);
    expect(damageCount).toBeLessThanOrEqual(maxDamages + 1);
    if (phase === 'done') expect(this.verified.size).toBe(fileCount);
  }
}

const failure = fc.record({
  code: fc.constant('hub_error'),
  message: fc.constant('It failed.'),
  kind: fc.constantFrom('passing', 'passing', 'passing', 'damaged', 'lasting'),
  retryAfterMs: fc.option(fc.nat(100_000)),
}) satisfies fc.Arbitrary<DownloadFailure>;
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Move>({ type: 'succeed' }) },
  { weight: 2, arbitrary: fc.constant<Move>({ type: 'progress' }) },
  { weight: 2, arbitrary: fc.constant<Move>({ type: 'let-go' }) },
  { weight: 1, arbitrary: fc.constant<Move>({ type: 'echo' }) },
  { weight: 3, arbitrary: failure.map<Move>((told) => ({ type: 'fail', failure: told })) },
  { weight: 3, arbitrary: fc.nat(120_000).map<Move>((ms) => ({ type: 'pass', ms })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom<Command>('pause', 'resume', 'cancel', 'shut-down')
      .map<Move>((command) => ({ type: 'command', command })),
  },
);
const passing: DownloadFailure = {
  code: 'hub_error',
  message: 'It failed.',
  kind: 'passing',
  retryAfterMs: null,
};

describe('a download', () => {
  it('keeps its promises whatever happens, and comes to an end when things go well again', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        const world = new World();
        for (const each of moves) world.move(each);
        world.finish();
        expect(world.isAtRest).toBe(true);
        if (mayCommand('resume', world.state)) {
          world.move({ type: 'command', command: 'resume' });
          world.finish();
        }
        expect(world.state.phase).toBe('done');
      }),
      { numRuns: 500 },
    );
  });

  it('fails after enough failures in a row, and only then', () => {
    const world = new World();
    for (let failures = 0; failures < maxFailures; failures += 1) {
      world.move({ type: 'fail', failure: passing });
      expect(world.state.phase).toBe('waiting');
      world.pass(24 * 3_600_000);
    }
    world.move({ type: 'fail', failure: passing });
    expect([world.state.phase, world.state.failure]).toEqual(['failed', passing]);
  });

  it('does not fail as long as bytes come in between', () => {
    const world = new World();
    world.move({ type: 'succeed' });
    for (let failures = 0; failures < maxFailures * 3; failures += 1) {
      world.move({ type: 'succeed' });
      expect(world.state.phase).toBe('downloading');
      world.move({ type: 'progress' });
      world.move({ type: 'fail', failure: passing });
      world.pass(60_000);
    }
    expect(world.state.phase).toBe('checking');
  });

  it('is told to go when nobody can mend it by waiting, or content is wrong again', () => {
    const lasting = new World();
    lasting.move({ type: 'fail', failure: { ...passing, kind: 'lasting' } });
    expect(lasting.state.phase).toBe('failed');
    const damaged = new World();
    for (let damages = 0; damages <= maxDamages; damages += 1) {
      expect(damaged.state.phase).not.toBe('failed');
      damaged.move({ type: 'fail', failure: { ...passing, kind: 'damaged' } });
      damaged.pass(60_000);
    }
    expect(damaged.state.phase).toBe('failed');
  });

  it('takes no command that would change nothing', () => {
    fc.assert(
      fc.property(
        fc.array(move, { maxLength: 30 }),
        fc.constantFrom('pause', 'resume', 'cancel'),
        (moves, command) => {
          const world = new World();
          for (const each of moves) world.move(each);
          const { state } = world;
          const step = advanceDownload(state, { type: command });
          expect(step.state !== state).toBe(mayCommand(command, state));
        },
      ),
    );
  });
});

describe('the pause before another try', () => {
  it('is never shorter than asked for, and neither nothing nor endless', () => {
    fc.assert(
      fc.property(
        fc.nat(100),
        fc.option(fc.nat(10 ** 9)),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (count, askedMs, jitter) => {
          const delayMs = retryDelayMs(count, askedMs, jitter);
          expect(delayMs).toBeGreaterThanOrEqual(500);
          expect(delayMs).toBeLessThanOrEqual(24 * 3_600_000);
          expect(delayMs).toBeGreaterThanOrEqual(Math.min(askedMs ?? 0, 24 * 3_600_000));
        },
      ),
    );
  });
});
