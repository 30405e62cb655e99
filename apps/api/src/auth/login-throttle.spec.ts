import { describe, expect, it } from 'vitest';
import { GatewayError } from '#translation';
import { LoginThrottle } from './login-throttle.js';

const minuteMs = 60_000;

function retryAfterMs(throttle: LoginThrottle, account: string, nowMs: number): number | null {
  try {
    throttle.begin(account, nowMs);
    return null;
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'rate_limited') throw error;
    return error.retryAfterMs;
  }
}

describe('LoginThrottle', () => {
  it('lets five tries through and then none for 15 minutes', () => {
    const throttle = new LoginThrottle();
    const tries = Array.from({ length: 7 }, () => retryAfterMs(throttle, 'a', 1_000));

    expect(tries).toEqual([null, null, null, null, null, 15 * minuteMs, 15 * minuteMs]);
    expect(retryAfterMs(throttle, 'a', 1_000 + 15 * minuteMs - 1)).toBe(1);
    expect(retryAfterMs(throttle, 'a', 1_000 + 15 * minuteMs)).toBeNull();
  });

  it('rests for the full 15 minutes after the fifth wrong password, however long the first was ago', () => {
    const throttle = new LoginThrottle();
    for (const at of [0, 10, 11, 12, 14]) throttle.begin('a', at * minuteMs);

    expect(retryAfterMs(throttle, 'a', 14 * minuteMs)).toBe(15 * minuteMs);
  });

  it('forgets the failures of an account when somebody signs in', () => {
    const throttle = new LoginThrottle();
    for (let tries = 0; tries < 4; tries += 1) throttle.begin('a', 0);
    throttle.succeed('a');

    expect(Array.from({ length: 5 }, () => retryAfterMs(throttle, 'a', 0))).toEqual(
      Array.from({ length: 5 }, () => null),
    );
  });

  it('counts each account by itself', () => {
    const throttle = new LoginThrottle();
    for (let tries = 0; tries < 5; tries += 1) throttle.begin('a', 0);

    expect(retryAfterMs(throttle, 'b', 0)).toBeNull();
  });

  it('cannot be made to forget a locked account by trying many other names', () => {
    const throttle = new LoginThrottle();
    for (let tries = 0; tries < 5; tries += 1) throttle.begin('admin', 0);
    for (let name = 0; name < 20_000; name += 1) retryAfterMs(throttle, `name ${name}`, 0);

    expect(retryAfterMs(throttle, 'admin', 1)).not.toBeNull();
  });

  it('tells whether an account rests without counting a try', () => {
    const throttle = new LoginThrottle();
    for (let looks = 0; looks < 20; looks += 1) throttle.assertAwake('a', 0);
    for (let tries = 0; tries < 5; tries += 1) throttle.begin('a', 0);

    expect(() => throttle.assertAwake('a', 15 * minuteMs - 1)).toThrow('Too many wrong passwords');
    expect(() => throttle.assertAwake('a', 15 * minuteMs)).not.toThrow();
  });

  it('keeps every account that rests, and takes no more, when ten thousand do', () => {
    const throttle = new LoginThrottle();
    const lock = (account: string, nowMs: number) => {
      for (let tries = 0; tries < 5; tries += 1) throttle.begin(account, nowMs);
    };
    for (let name = 0; name < 10_000; name += 1) lock(`name ${name}`, 0);

    expect(() => lock('one more', 1)).toThrow('Too many wrong passwords');
    expect(retryAfterMs(throttle, 'name 0', 1)).not.toBeNull();
    lock('later', 15 * minuteMs);
    expect(retryAfterMs(throttle, 'later', 15 * minuteMs)).toBe(15 * minuteMs);
  });

  it('hashes two at once, lets sixteen wait and turns the rest away', async () => {
    const throttle = new LoginThrottle();
    let running = 0;
    let most = 0;
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, () =>
        throttle.hash(async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setTimeout(resolve, 2));
          running -= 1;
        }),
      ),
    );

    expect(most).toBe(2);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(18);
  });

  it('never hashes a third when one comes in as another ends', async () => {
    const throttle = new LoginThrottle();
    let running = 0;
    let most = 0;
    const hash = (): Promise<void> =>
      throttle.hash(async () => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
      });
    const chains = Array.from({ length: 6 }, async () => {
      for (let round = 0; round < 20; round += 1) await hash();
    });
    await Promise.all(chains);

    expect(most).toBe(2);
  });
});
