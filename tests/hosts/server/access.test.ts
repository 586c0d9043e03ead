import { describe, expect, test } from 'vitest';
import {
  addressesFromElsewhere,
  createAccess,
  type AccessOptions,
  isLoopback,
  listensEverywhere,
} from '../../../src/main/hosts/server/access.ts';
import { createSessions } from '../../../src/main/hosts/server/sessions.ts';

const machine = {
  addresses: ['192.168.1.20', 'fe80::1', '2001:db8::5'],
  machineNames: ['studio', 'studio.local'],
};
const sessions = createSessions();
const accessOf = (host: string, port = 8461, others: Partial<AccessOptions> = {}) =>
  createAccess({ host, port, secure: false, names: [], sessions, ...machine, ...others });

describe('The addresses by which a server may be reached', () => {
  test.each([
    ['127.0.0.1', ['127.0.0.1:8461', 'localhost:8461', '[::1]:8461', 'LOCALHOST:8461']],
    ['::1', ['[::1]:8461', 'localhost:8461']],
    ['localhost', ['localhost:8461']],
    ['192.168.1.20', ['192.168.1.20:8461', 'studio:8461', 'studio.local:8461']],
    [
      '0.0.0.0',
      ['192.168.1.20:8461', '[2001:db8::5]:8461', '[fe80::1]:8461', 'studio:8461', '127.0.0.1:8461'],
    ],
    ['::', ['192.168.1.20:8461', '[2001:db8::5]:8461', 'localhost:8461']],
    ['reports.example', ['reports.example:8461']],
  ])('are, when it listens on %s, its own', (host, known) => {
    for (const name of known) expect(accessOf(host).knowsHost(name), name).toBe(true);
    for (const name of [
      undefined,
      '',
      'evil.example:8461',
      'localhost',
      'localhost:8462',
      '127.0.0.1.evil.example:8461',
      '10.0.0.1:8461',
    ])
      expect(accessOf(host).knowsHost(name), name).toBe(false);
  });

  test('are no names of the machine when only it itself may come', () => {
    expect(accessOf('127.0.0.1').knowsHost('studio:8461')).toBe(false);
    expect(accessOf('127.0.0.1').knowsHost('192.168.1.20:8461')).toBe(false);
  });

  test('are the names of its own and of its certificate too', () => {
    const access = accessOf('127.0.0.1', 8461, {
      names: ['loam-0123456789abcdef.localhost', 'Studio.example'],
    });
    expect(access.knowsHost('loam-0123456789abcdef.localhost:8461')).toBe(true);
    expect(access.knowsHost('studio.example:8461')).toBe(true);
    expect(access.knowsHost('loam-fedcba9876543210.localhost:8461')).toBe(false);
  });

  test('stand without a port when that is the usual one', () => {
    expect(accessOf('127.0.0.1', 80).knowsHost('127.0.0.1')).toBe(true);
    expect(accessOf('127.0.0.1', 80).knowsHost('[::1]')).toBe(true);
  });
});

test('A page is the server’s own when its origin is the address that it came by', () => {
  const access = accessOf('127.0.0.1');
  const claims = { host: 'localhost:8461', cookie: undefined };
  expect(access.isOwnPage({ ...claims, origin: 'http://localhost:8461' })).toBe(true);
  for (const origin of [
    undefined,
    'null',
    'http://127.0.0.1:8461',
    'https://localhost:8461',
    'http://evil.example',
  ])
    expect(access.isOwnPage({ ...claims, origin }), origin).toBe(false);
  expect(access.isOwnPage({ host: 'evil.example', cookie: undefined, origin: 'http://evil.example' })).toBe(
    false,
  );
});

test('By TLS the own page is one of https, and the cookie is held to this very host', () => {
  const access = accessOf('127.0.0.1', 443, { secure: true });
  const claims = { host: 'localhost', cookie: undefined };
  expect(access.isOwnPage({ ...claims, origin: 'https://localhost' })).toBe(true);
  expect(access.isOwnPage({ ...claims, origin: 'http://localhost' })).toBe(false);
  expect(access.cookieName).toBe('__Host-loam-session-443');
});

test('The session is looked for in the cookie of this port alone', () => {
  const access = accessOf('127.0.0.1');
  const secret = sessions.redeem(sessions.newCode(), { browser: 'a', address: 'b', host: 'c' }) ?? '';
  const find = (cookie: string | undefined) =>
    access.sessionOf({ host: undefined, origin: undefined, cookie })?.browser;
  expect(find(`a=b; loam-session-8461=${secret}; c=d`)).toBe('a');
  for (const cookie of [
    undefined,
    '',
    `loam-session-8462=${secret}`,
    `loam-session-8461=${secret.slice(1)}`,
    'loam-session-8461=',
    `x-loam-session-8461=${secret}`,
  ])
    expect(find(cookie), cookie).toBeUndefined();
});

test('Other machines are told their links only where they may come', () => {
  expect(addressesFromElsewhere('127.0.0.1')).toEqual([]);
  expect(addressesFromElsewhere('localhost')).toEqual([]);
  expect(addressesFromElsewhere('192.168.1.20')).toEqual(['192.168.1.20']);
  for (const address of addressesFromElsewhere('0.0.0.0')) {
    expect(address).not.toMatch(/^127\./);
    expect(accessOf('0.0.0.0', 1, { addresses: [address] }).knowsHost(`${address}:1`)).toBe(true);
  }
});

test('Loopback and everywhere are told apart from other addresses', () => {
  expect(['127.0.0.1', '127.8.8.8', '::1', 'localhost'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '::', '192.168.1.20', '127.0.0.1.example'].some(isLoopback)).toBe(false);
  expect(['0.0.0.0', '::', '0:0:0:0:0:0:0:0'].every(listensEverywhere)).toBe(true);
  expect(['::1', '127.0.0.1', '192.168.1.20'].some(listensEverywhere)).toBe(false);
});
