import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from './guardian-message.js';
import type { GuardianMessage } from './guardian-message.js';

const messages: GuardianMessage[] = [
  { op: 'watch', instanceId: 'sw-a-b-1', leader: { pid: 12, startTime: '34' } },
  { op: 'keep', instanceId: 'sw-a-b-1' },
  { op: 'forget', instanceId: 'sw-a-b-1' },
  { op: 'clean' },
];

describe('guardian messages', () => {
  it.each(messages)('survive the way through the pipe: $op', (message) => {
    const line = encodeMessage(message);
    expect(line.endsWith('\n')).toBe(true);
    expect(decodeMessage(line.trimEnd())).toEqual(message);
  });

  it.each(['', '{"op":"wat', 'null', '{"op":"watch","instanceId":"x"}', '{"op":"forget"}', '[]'])(
    'are not read from %j',
    (line) => {
      expect(decodeMessage(line)).toBeNull();
    },
  );
});
