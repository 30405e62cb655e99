import { describe, expect, it } from 'vitest';
import { capabilityFields, findCapabilityFaults } from './capability-fields.js';
import { defaultCapabilities } from './default-capabilities.js';

describe('findCapabilityFaults', () => {
  it('takes what ships', () => {
    for (const isLocal of [false, true]) {
      expect(findCapabilityFaults(defaultCapabilities('openai-chat', isLocal))).toEqual([]);
      expect(findCapabilityFaults(defaultCapabilities('anthropic-messages', isLocal))).toEqual([]);
    }
  });

  it('says of each field what it may be', () => {
    expect(
      findCapabilityFaults({
        takesSampling: 'yes',
        maxOutputTokens: -1,
        forcedTools: 'some',
        inputs: ['smell'],
        effortLevels: [1],
        takesSmplng: true,
      }),
    ).toEqual([
      'takesSampling must be true or false',
      'maxOutputTokens must be a whole number of at least 0, or null',
      'forcedTools must be one of named, any, none',
      'inputs must be a list of image, image-url, document, document-url, audio, video',
      'effortLevels must be a list of words',
      expect.stringContaining('takesSmplng is no capability'),
    ]);
  });

  it('does not take a name from the prototype', () => {
    expect(findCapabilityFaults({ constructor: true })).toHaveLength(1);
    expect(Object.keys(capabilityFields)).toContain('takesSampling');
  });
});
