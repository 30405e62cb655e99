import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isDone,
  localModelCommands,
  refuseCommand,
  usefulCommands,
  type CommandFacts,
  type LocalModelCommand,
} from './command-rules.js';

const ready: CommandFacts = {
  name: 'm',
  isEnabled: true,
  isPinned: false,
  isAttached: false,
  canSleep: true,
  isLoadingPaused: false,
  state: 'ready',
  reason: null,
  leases: 0,
};
const cold = { ...ready, state: 'cold' };

const factsOfAnyKind = fc.record<CommandFacts>({
  name: fc.constant('m'),
  isEnabled: fc.boolean(),
  isPinned: fc.boolean(),
  isAttached: fc.boolean(),
  canSleep: fc.boolean(),
  isLoadingPaused: fc.boolean(),
  state: fc.constantFrom(
    'cold',
    'queued',
    'starting',
    'ready',
    'suspect',
    'draining',
    'sleeping',
    'waking',
    'stopping',
    'reclaiming',
    'backoff',
    'quarantined',
    'unavailable',
  ),
  reason: fc.constant(null),
  leases: fc.nat(2),
});

describe('what may be wanted of a local model', () => {
  it.each<[string, CommandFacts, LocalModelCommand[]]>([
    ['a cold one', cold, ['start', 'warm', 'pin']],
    ['a ready one', ready, ['sleep', 'pin', 'unload', 'restart', 'stop']],
    ['a busy one', { ...ready, leases: 2 }, ['pin', 'unload', 'restart', 'stop']],
    ['a pinned one', { ...ready, isPinned: true }, ['sleep', 'unpin', 'unload', 'restart', 'stop']],
    [
      'a sleeping one',
      { ...ready, state: 'sleeping' },
      ['start', 'warm', 'wake', 'pin', 'unload', 'restart', 'stop'],
    ],
    ['one that cannot sleep', { ...ready, canSleep: false }, ['pin', 'unload', 'restart', 'stop']],
    ['a disabled one', { ...cold, isEnabled: false }, ['pin']],
    ['a cold one while loading is paused', { ...cold, isLoadingPaused: true }, ['pin']],
    ['a failed one', { ...cold, state: 'quarantined' }, ['start', 'pin']],
    [
      'a draining one',
      { ...ready, state: 'draining' },
      ['start', 'warm', 'pin', 'restart', 'stop'],
    ],
    ['one that others run', { ...ready, isAttached: true, canSleep: false }, ['pin', 'stop']],
  ])('%s', (_case, facts, commands) => {
    expect(usefulCommands(facts)).toEqual(commands);
  });

  it.each<[string, LocalModelCommand, CommandFacts, RegExp]>([
    ['a sleep of an engine that cannot', 'sleep', { ...ready, canSleep: false }, /`unload`/],
    ['a sleep of a busy one', 'sleep', { ...ready, leases: 1 }, /serves 1 request\./],
    ['a sleep of a cold one', 'sleep', cold, /only a ready one/],
    ['a wake of a cold one', 'wake', cold, /`warm`/],
    ['a load of a disabled one', 'warm', { ...cold, isEnabled: false }, /Enable it/],
    ['a load while paused', 'start', { ...cold, isLoadingPaused: true }, /Resume it/],
    ['a restart while paused', 'restart', { ...ready, isLoadingPaused: true }, /Resume it/],
    ['a warm-up of a failed one', 'warm', { ...cold, state: 'backoff' }, /`start`/],
    ['an unload of one that others run', 'unload', { ...ready, isAttached: true }, /did not start/],
  ])('refuses %s, and says what to do', (_case, command, facts, words) => {
    expect(refuseCommand(command, facts)).toMatch(words);
  });

  it('never refuses what is true already, nor to stop or to pin', () => {
    fc.assert(
      fc.property(factsOfAnyKind, fc.constantFrom(...localModelCommands), (facts, command) => {
        const isFree = ['stop', 'pin', 'unpin'].includes(command) || isDone(command, facts);
        if (isFree) expect(refuseCommand(command, facts)).toBeNull();
      }),
    );
  });

  it('loads nothing while paused or disabled', () => {
    fc.assert(
      fc.property(factsOfAnyKind, (facts) => {
        if (facts.isEnabled && !facts.isLoadingPaused) return;
        const loading = usefulCommands(facts).filter((each) =>
          ['start', 'warm', 'wake', 'restart'].includes(each),
        );
        expect(loading).toEqual([]);
      }),
    );
  });
});
