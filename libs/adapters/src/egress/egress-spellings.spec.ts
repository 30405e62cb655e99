import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findUrlFault, hostOf, mayConnect } from './egress-policy.js';

/** Every way to write an address of this machine or network that a URL parser takes. */
const privateHosts = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '127.0.1',
  '2130706433',
  '017700000001',
  '0x7f000001',
  '0x7F.0x0.0x0.0x1',
  '0x7f.1',
  '0177.0.0.1',
  '0177.1',
  '127.0.0.0x1',
  '１２７.0.0.1',
  '127。0。0。1',
  '127．1',
  '①②⑦.0.0.1',
  '%31%32%37.0.0.1',
  '127.255.255.254',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:FFFF:127.0.0.1]',
  '10.0.0.1',
  '012.0.0.1',
  '167772161',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '3232235521',
  '0xc0a80001',
  '100.64.0.1',
  '100.127.255.255',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[::ffff:192.168.1.1]',
];

/** Cloud metadata, link-local, unspecified, multicast, reserved and every embedding of IPv4 that a relay may undo. */
const forbiddenHosts = [
  '169.254.169.254',
  '169.254.169.254.',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169.254.170.2',
  '168.63.129.16',
  '100.100.100.200',
  '[fd00:ec2::254]',
  '[fd20:ce::254]',
  '[fd00:ec2::23]',
  '[FD00:0EC2:0:0:0:0:0:254]',
  '0.0.0.0',
  '0',
  '0x0',
  '0.1.2.3',
  '[::]',
  '[::ffff:0.0.0.0]',
  '[::127.0.0.1]',
  '[::10.0.0.1]',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::1]',
  '[2001::7f00:1]',
  '[fe80::1]',
  '[febf::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[100::1]',
  '[2001:db8::1]',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.51.100.7',
  '203.0.113.7',
];

const publicHosts = ['1.1.1.1', '16843009', '0x08080808', '[2606:4700:4700::1111]', '172.32.0.1'];

/** Texts whose host is not what a quick look says it is; all lead to this machine. */
const misleading = [
  'https://127.0.0.1\\@api.example.com/v1',
  'https:\\\\127.0.0.1/v1',
  'https:127.0.0.1/v1',
  'https:/127.0.0.1/v1',
  'https:///127.0.0.1/v1',
  '  https://127.0.0.1/v1',
  'https://127.0.\t0.1/v1',
  'https://127.0.0.1\n/v1',
  'HTTPS://127.0.0.1:8443/v1',
  'https://LOCALHOST/v1',
  'https://LocalHost./v1',
  'https://app.localhost/v1',
  'https://ｌｏｃａｌｈｏｓｔ/v1',
  'https://loc%61lhost/v1',
  'https://router.local/v1',
  'https://metadata.google.internal/v1',
  'https://host.docker.internal/v1',
  'https://localhost.localdomain/v1',
];

describe('spellings of an address', () => {
  it.each(privateHosts)('takes %s for this machine or network, which needs leave', (host) => {
    expect(findUrlFault(`https://${host}/v1`, false)).not.toBeNull();
    expect(findUrlFault(`https://${host}/v1`, true)).toBeNull();
    expect(findUrlFault(`http://${host}:8080/v1`, true)).toBeNull();
  });

  it.each(forbiddenHosts)('refuses %s, with leave or without', (host) => {
    for (const scheme of ['https', 'http']) {
      expect(findUrlFault(`${scheme}://${host}/v1`, false)).not.toBeNull();
      expect(findUrlFault(`${scheme}://${host}/v1`, true)).not.toBeNull();
    }
  });

  it.each(publicHosts)('lets %s through over TLS', (host) => {
    expect(findUrlFault(`https://${host}/v1`, false)).toBeNull();
  });

  it.each(misleading)('is not misled by %j', (text) => {
    expect(findUrlFault(text, false)).not.toBeNull();
  });

  it.each(['https://a@example.com/', 'https://:b@example.com/', 'https://127.0.0.1@example.com/'])(
    'refuses a user name or password in %s',
    (text) => {
      expect(findUrlFault(text, false)).toMatch(/user name or password/);
      expect(findUrlFault(text, true)).toMatch(/user name or password/);
    },
  );
});

describe('any address', () => {
  // half of them begin as the special ranges do, or chance would hardly meet one
  const first = fc.oneof(fc.nat(255), fc.constantFrom(0, 10, 100, 127, 169, 172, 192, 198, 224));
  const second = fc.oneof(fc.nat(255), fc.constantFrom(0, 16, 31, 32, 63, 64, 127, 128, 168, 254));
  const octets = fc.tuple(first, second, fc.nat(255), fc.nat(255));

  it('is judged alike however it is written', () => {
    fc.assert(
      fc.property(octets, fc.boolean(), ([a, b, c, d], mayBePrivate) => {
        const whole = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
        const hex = (byte: number): string => `0x${byte.toString(16)}`;
        const plain = mayConnect(`${a}.${b}.${c}.${d}`, mayBePrivate);
        const spellings = [
          `${whole}`,
          `0x${whole.toString(16)}`,
          `0${whole.toString(8)}`,
          `${a}.${b * 65_536 + c * 256 + d}`,
          `${a}.${b}.${c * 256 + d}`,
          [a, b, c, d].map(hex).join('.'),
          `${a}.${b}.${c}.${d}.`,
          `[::ffff:${a}.${b}.${c}.${d}]`,
        ];
        for (const host of spellings) {
          expect([host, findUrlFault(`https://${host}/`, mayBePrivate) === null]).toEqual([
            host,
            plain,
          ]);
        }
      }),
    );
  });

  it('that IPv6 carries inside for a relay to unpack never passes', () => {
    fc.assert(
      fc.property(octets, fc.boolean(), ([a, b, c, d], mayBePrivate) => {
        const high = (a * 256 + b).toString(16);
        const low = (c * 256 + d).toString(16);
        for (const address of [
          `::${high}:${low}`,
          `64:ff9b::${high}:${low}`,
          `64:ff9b:1::${high}:${low}`,
          `2002:${high}:${low}::1`,
          `::ffff:0:${high}:${low}`,
        ]) {
          const isLoopback = address === '::0:1';
          expect([address, mayConnect(address, mayBePrivate)]).toEqual([
            address,
            isLoopback && mayBePrivate,
          ]);
        }
      }),
    );
  });

  it('that leave does not widen: what passes without it passes with it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (address) => {
        if (mayConnect(address, false)) expect(mayConnect(address, true)).toBe(true);
      }),
    );
  });

  it('keeps the policy total: any text gets a verdict, never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.ipV6()), fc.boolean(), (text, leave) => {
        const fault = findUrlFault(text, leave);
        expect(fault === null || fault.length > 10).toBe(true);
        expect(typeof mayConnect(text, leave)).toBe('boolean');
      }),
    );
  });
});

describe('hostOf', () => {
  it('gives the host as sockets want it', () => {
    expect(hostOf(new URL('https://[::1]:8443/'))).toBe('::1');
    expect(hostOf(new URL('https://api.example.com./'))).toBe('api.example.com');
    expect(hostOf(new URL('https://EXAMPLE.com'))).toBe('example.com');
  });
});
