import { describe, expect, it } from 'vitest';
import { nextHops, refuseLoops } from './loop-guard.js';

const through = (...owns: string[]): string | undefined =>
  owns.reduce<string | undefined>(
    (hops, own) => nextHops(hops === undefined ? {} : { 'x-spillway-hops': hops }, own),
    undefined,
  );

describe('the loop guard', () => {
  it('lets requests through that come from a caller or from a few other gateways', () => {
    expect(() => refuseLoops({}, 'aaaaaaaa')).not.toThrow();
    const hops = through('bbbbbbbb', 'cccccccc', 'dddddddd') ?? '';
    expect(hops).toBe('bbbbbbbb, cccccccc, dddddddd');
    expect(() => refuseLoops({ 'x-spillway-hops': hops }, 'aaaaaaaa')).not.toThrow();
  });

  it('refuses what was here before, and what has been everywhere', () => {
    const back = through('aaaaaaaa', 'bbbbbbbb') ?? '';
    expect(() => refuseLoops({ 'x-spillway-hops': back }, 'aaaaaaaa')).toThrow(/leads back here/);
    const far = through('bbbbbbbb', 'cccccccc', 'dddddddd', 'eeeeeeee') ?? '';
    expect(() => refuseLoops({ 'x-spillway-hops': far }, 'aaaaaaaa')).toThrow(/4 gateways/);
  });

  it.each(['', '3', 'x'.repeat(5_000)])('refuses a header that no gateway wrote: %s', (hops) => {
    expect(() => refuseLoops({ 'x-spillway-hops': hops })).toThrow(/Do not send it/);
  });
});
