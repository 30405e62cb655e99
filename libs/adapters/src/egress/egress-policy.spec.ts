import { describe, expect, it } from 'vitest';
import { findUrlFault, isPublicAddress, mayConnect } from './egress-policy.js';

const privateAddresses = [
  '127.0.0.1',
  '127.8.8.8',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '::1',
  'fc00::1',
  'fd12::1',
  '::ffff:127.0.0.1',
  '::ffff:10.1.1.1',
];
const neverAllowed = [
  '0.0.0.0',
  '169.254.169.254',
  '169.254.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '240.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '::',
  'fe80::1',
  'ff02::1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:db8::1',
  '::7f00:1',
  '::a9fe:a9fe',
  '::ffff:169.254.169.254',
  '168.63.129.16',
  '100.100.100.200',
  '',
  'localhost',
  'not an address',
];
const publicAddresses = [
  '1.1.1.1',
  '8.8.8.8',
  '93.184.216.34',
  '2606:4700:4700::1111',
  '2a00:1450:4001::1',
];

describe('addresses', () => {
  it.each(publicAddresses)('lets %s through', (address) => {
    expect(isPublicAddress(address)).toBe(true);
    expect(mayConnect(address, false)).toBe(true);
  });

  it.each(privateAddresses)(
    'lets %s through only where private networks are allowed',
    (address) => {
      expect(mayConnect(address, false)).toBe(false);
      expect(mayConnect(address, true)).toBe(true);
    },
  );

  it.each(neverAllowed)('never lets %j through', (address) => {
    expect(mayConnect(address, false)).toBe(false);
    expect(mayConnect(address, true)).toBe(false);
  });
});

describe('findUrlFault', () => {
  const loopbackSpellings = [
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://0x7f.1/',
    'https://１２７.0.0.1/',
    'https://127。0。0。1/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::1]/',
    'https://127.0.0.1\\@example.com/',
    'https://localhost/',
    'https://localhost./',
    'https://ⓛocalhost/',
    'https://printer.local/',
    'https://db.internal/',
  ];

  it.each(loopbackSpellings)('recognises %s as this machine or network', (url) => {
    expect(findUrlFault(url, false)).not.toBeNull();
  });

  it.each([
    'https://0/',
    'https://169.254.169.254/',
    'http://169.254.169.254/latest',
    'http://[fe80::1]/',
  ])('refuses %s even with private networks allowed', (url) => {
    expect(findUrlFault(url, true)).not.toBeNull();
  });

  it.each([
    'ftp://example.com',
    'file:///etc/passwd',
    'https://user:pass@example.com',
    'https://example.com/?key=1',
    'https://example.com/#x',
    'example.com',
    '',
  ])('refuses %j with a reason', (url) => {
    expect(findUrlFault(url, true)).toMatch(/must/);
  });

  it('takes public hosts over TLS, and private ones when they are allowed', () => {
    expect(findUrlFault('https://api.openai.com/v1', false)).toBeNull();
    expect(findUrlFault('http://192.168.1.20:8000/v1', true)).toBeNull();
    expect(findUrlFault('http://api.openai.com/v1', false)).toMatch(/https/);
  });
});
