import type { ModelOutlook } from '#process';
import { describe, expect, it } from 'vitest';
import { chooseTarget, type Demand, type Look } from './choose-target.js';
import type { PlannedTarget } from './plan-attempts.js';

const local = (name: string, contextTokens: number | null = null): PlannedTarget =>
  ({
    kind: 'local',
    label: `local:${name}`,
    upstreamModel: name,
    spec: { contextTokens },
  }) as PlannedTarget;
const cloud = { kind: 'provider', label: 'provider:p/m' } as PlannedTarget;
const here = local('a');

const outlook = (fields: Partial<ModelOutlook>): ModelOutlook => ({
  state: 'cold',
  isServingNow: false,
  predictedWaitMs: null,
  progress: null,
  unavailable: null,
  ...fields,
});
const ready = outlook({ state: 'ready', isServingNow: true, predictedWaitMs: 0 });
const looking =
  (...given: [PlannedTarget, ModelOutlook][]): Look =>
  (target) =>
    new Map(given).get(target) ?? null;
const demand = (fields: Partial<Demand> = {}): Demand => ({
  whenCold: 'wait',
  patienceMs: 30_000,
  promptTokens: 10,
  tooSmallTokens: null,
  ...fields,
});
/** `label` of what is chosen, and the reasons of what is not. */
const shown = (...given: Parameters<typeof chooseTarget>) => {
  const { chosen, passedOver } = chooseTarget(...given);
  return [
    chosen?.target.label ?? null,
    passedOver.map(({ reason, isWarmed }) => `${reason}${isWarmed ? ' + warm' : ''}`),
  ];
};

describe('chooseTarget', () => {
  it.each([
    ['waits for a cold model of unknown load time', {}, {}, ['local:a', []]],
    ['waits for one that is loaded in time', { predictedWaitMs: 29_000 }, {}, ['local:a', []]],
    [
      'goes on where the load takes longer than the caller waits, and loads it for the next',
      { predictedWaitMs: 31_000 },
      {},
      ['provider:p/m', ['predicted_wait + warm']],
    ],
    [
      'does not load again what is loading',
      { state: 'starting', predictedWaitMs: 31_000 },
      {},
      ['provider:p/m', ['predicted_wait']],
    ],
    [
      'serves from the cloud and warms, where the route says so',
      {},
      { whenCold: 'cloud-then-warm' },
      ['provider:p/m', ['cold + warm']],
    ],
    ['refuses a cold model where the route says so', {}, { whenCold: 'fail' }, [null, ['cold']]],
    [
      'leaves one whose rest after a failure is over to the supervisor',
      { state: 'backoff' },
      { whenCold: 'cloud-then-warm' },
      ['local:a', []],
    ],
    [
      'passes over what would be refused',
      { unavailable: { code: 'quarantined', message: 'It fails.', retryAfterMs: null } },
      {},
      ['provider:p/m', ['quarantined']],
    ],
    [
      'passes over a ready one whose queue is too long',
      { state: 'ready', isServingNow: true, predictedWaitMs: 40_000 },
      {},
      ['provider:p/m', ['predicted_wait']],
    ],
    ['comes back as soon as it is ready', ready, { whenCold: 'cloud-then-warm' }, ['local:a', []]],
  ] as const)('%s', (_text, fields, asked, expected) => {
    const look = looking([here, outlook(fields as Partial<ModelOutlook>)]);
    expect(shown([here, cloud], demand(asked as Partial<Demand>), look)).toEqual(expected);
  });

  it('waits where there is no other target, and refuses at once what cannot be in time', () => {
    const cold = looking([here, outlook({})]);
    expect(shown([here], demand({ whenCold: 'cloud-then-warm' }), cold)).toEqual(['local:a', []]);
    const slow = looking([here, outlook({ predictedWaitMs: 45_000 })]);
    const { passedOver, chosen } = chooseTarget([here], demand(), slow);
    expect(chosen).toBeNull();
    expect(passedOver[0]).toMatchObject({
      isWarmed: true,
      error: { code: 'engine_not_ready', retryAfterMs: 45_000 },
    });
  });

  it('leaves it to the supervisor to refuse the last target', () => {
    const unavailable = { code: 'quarantined', message: 'It fails.', retryAfterMs: null } as const;
    const look = looking([here, outlook({ unavailable })]);
    expect(shown([here], demand(), look)).toEqual(['local:a', []]);
  });

  it.each([
    ['not_installed', 'not_installed'],
    ['model_missing', 'model_missing'],
    ['platform_unsupported', 'platform_unsupported'],
    ['disabled', 'disabled'],
    ['backoff', 'backoff'],
    ['quarantined', 'quarantined'],
    ['queue_full', 'queue_full'],
    ['out_of_memory', 'oom'],
    ['shutting_down', 'shutting_down'],
  ] as const)('calls what is %s by the reason %s', (code, reason) => {
    const unavailable = { code, message: 'No.', retryAfterMs: null };
    const look = looking([here, outlook({ unavailable })]);
    expect(shown([here, cloud], demand(), look)).toEqual(['provider:p/m', [reason]]);
  });

  it('takes one that is busy for one that is loaded, whatever becomes of cold ones', () => {
    const busy = outlook({ state: 'ready', predictedWaitMs: 2000 });
    const look = looking([here, busy]);
    const patient = demand({ whenCold: 'fail' });
    expect(shown([here, cloud], patient, look)).toEqual(['local:a', []]);
    const hasty = demand({ whenCold: 'fail', patienceMs: 1000 });
    expect(shown([here, cloud], hasty, look)).toEqual(['provider:p/m', ['predicted_wait']]);
  });

  it('keeps a cold model as the last resort', () => {
    const { rest } = chooseTarget(
      [here, cloud],
      demand({ whenCold: 'cloud-then-warm' }),
      looking([here, outlook({})]),
    );
    expect(rest).toEqual([here]);
  });

  it('prefers a target with room for the prompt, and never refuses by an estimate alone', () => {
    const [small, large] = [local('small', 100), local('large', 1_000)];
    const look = looking([small, ready], [large, ready]);
    expect(shown([small, large], demand({ promptTokens: 200 }), look)).toEqual([
      'local:large',
      ['context_too_long'],
    ]);
    expect(shown([small], demand({ promptTokens: 200 }), look)).toEqual(['local:small', []]);
    expect(shown([large, small], demand({ promptTokens: 5_000 }), look)).toEqual([
      'local:large',
      [],
    ]);
  });

  it('does not ask a smaller context once a larger one was too small', () => {
    const small = local('small', 100);
    const look = looking([small, ready]);
    expect(shown([small, cloud], demand({ tooSmallTokens: 1_000 }), look)).toEqual([
      'provider:p/m',
      ['context_too_long'],
    ]);
  });
});
