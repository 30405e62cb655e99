import * as dns from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createGuardedLookup } from './guarded-lookup.js';

vi.mock('node:dns', async (importOriginal) => ({
  ...(await importOriginal<typeof dns>()),
  lookup: vi.fn(),
}));

type Answer = LookupAddress[] | Error;

/** The resolver answers these in turn. */
function resolverSays(...answers: Answer[]): void {
  const resolve = (
    _name: string,
    _options: LookupOptions,
    callback: (error: Error | null, addresses: LookupAddress[]) => void,
  ): void => {
    const answer = answers.shift() ?? [];
    if (answer instanceof Error) callback(answer, []);
    else callback(null, answer);
  };
  vi.mocked(dns.lookup).mockImplementation(resolve as never);
}

const v4 = (address: string): LookupAddress => ({ address, family: 4 });
const v6 = (address: string): LookupAddress => ({ address, family: 6 });

function lookUp(mayBePrivate: boolean, options: LookupOptions = { all: true }) {
  return new Promise<string | LookupAddress[]>((resolve, reject) => {
    createGuardedLookup(mayBePrivate)('api.example.com', options, (error, address) =>
      error === null ? resolve(address) : reject(error),
    );
  });
}

describe('the look-up at the moment of connecting', () => {
  afterEach(() => vi.mocked(dns.lookup).mockReset());

  it('passes public addresses on, all of them or the first', async () => {
    const addresses = [v6('2606:4700:4700::1111'), v4('1.1.1.1')];
    resolverSays(addresses, addresses);
    expect(await lookUp(false)).toEqual(addresses);
    expect(await lookUp(false, {})).toBe('2606:4700:4700::1111');
  });

  it.each([
    ['a private one last', [v4('1.1.1.1'), v4('10.0.0.1')]],
    ['a private one first', [v4('127.0.0.1'), v4('1.1.1.1')]],
    ['a metadata service among many', [v4('1.1.1.1'), v4('8.8.8.8'), v4('169.254.169.254')]],
    ['a link-local address with its zone', [v6('fe80::1%eth0')]],
    ['a mapped address', [v6('::ffff:10.0.0.1')]],
    ['a NAT64 address', [v6('64:ff9b::7f00:1')]],
    ['what is no address', [v4('localhost')]],
  ])('refuses all answers for %s', async (_, addresses) => {
    resolverSays(addresses, addresses);
    await expect(lookUp(false)).rejects.toMatchObject({ code: 'EGRESS_BLOCKED' });
    await expect(lookUp(false, {})).rejects.toMatchObject({ code: 'EGRESS_BLOCKED' });
  });

  it('refuses a metadata service also where private networks are allowed', async () => {
    resolverSays([v4('10.0.0.1')], [v4('10.0.0.1'), v4('169.254.169.254')], [v6('fd00:ec2::254')]);
    expect(await lookUp(true)).toEqual([v4('10.0.0.1')]);
    await expect(lookUp(true)).rejects.toMatchObject({ code: 'EGRESS_BLOCKED' });
    await expect(lookUp(true)).rejects.toMatchObject({ code: 'EGRESS_BLOCKED' });
  });

  it('judges each answer anew: a name that was public may point inside the next time', async () => {
    resolverSays([v4('93.184.216.34')], [v4('127.0.0.1')], [v4('93.184.216.34')]);
    expect(await lookUp(false)).toEqual([v4('93.184.216.34')]);
    await expect(lookUp(false)).rejects.toMatchObject({ code: 'EGRESS_BLOCKED' });
    expect(await lookUp(false)).toEqual([v4('93.184.216.34')]);
  });

  it('refuses an empty answer, and passes the faults of the resolver on', async () => {
    resolverSays([], Object.assign(new Error('gone'), { code: 'ENOTFOUND' }));
    await expect(lookUp(false)).rejects.toMatchObject({ code: 'EGRESS_BLOCKED' });
    await expect(lookUp(false)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('says nothing of the address in its refusal', async () => {
    resolverSays([v4('10.9.8.7')]);
    await expect(lookUp(false)).rejects.toThrow(
      /^the address is not allowed by the egress policy$/,
    );
  });
});
