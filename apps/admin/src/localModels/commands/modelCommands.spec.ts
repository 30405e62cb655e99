import { describe, expect, it } from 'vitest';
import { commandToSend, mainCommand, modelCommands, offeredCommands } from './modelCommands.js';

const labelsOf = (commands: readonly string[]): string[] =>
  offeredCommands({ commands }).map(({ label }) => label);

describe('the commands of a local model', () => {
  it('are offered one of each pair', () => {
    expect(labelsOf(['sleep', 'pin', 'stop'])).toEqual(
      expect.arrayContaining(['Sleep', 'Pin', 'Stop', 'Load']),
    );
    expect(labelsOf(['wake', 'unpin'])).not.toContain('Sleep');
    expect(labelsOf(['wake', 'unpin'])).not.toContain('Pin');
  });

  it('are sent as the model takes them now', () => {
    const [load] = modelCommands;
    expect(commandToSend(load, { commands: ['start', 'warm'] })).toBe('warm');
    expect(commandToSend(load, { commands: ['start'] })).toBe('start');
    expect(commandToSend(load, { commands: ['stop'] })).toBeNull();
  });

  it('stand in the row as what is wanted most', () => {
    expect(mainCommand({ commands: ['stop', 'warm'] }).label).toBe('Stop');
    expect(mainCommand({ commands: ['warm', 'pin'] }).label).toBe('Load');
    expect(mainCommand({ commands: [] }).label).toBe('Load');
  });
});
