import { describe, expect, test } from 'vitest';
import {
  addressesFromElsewhere,
  createAccess,
  isLoopback,
  listensEverywhere,
} from '../../../src/main/hosts/server/access.ts';

const machine = {
  addresses: ['192.168.1.20', 'fe80::1', '2001:db8::5'],
  machineNames: ['studio', 'studio.local'],
};
const accessOf = (host: string, port = 8461) => createAccess({ host, port, token: 'secret', ...machine });

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

test('The secret is looked for in the cookie of this port alone', () => {
  const access = accessOf('127.0.0.1');
  const claims = (cookie: string | undefined) => ({ host: undefined, origin: undefined, cookie });
  expect(access.isLetIn(claims('a=b; loam-token-8461=secret; c=d'))).toBe(true);
  for (const cookie of [
    undefined,
    '',
    'loam-token-8462=secret',
    'loam-token-8461=secre',
    'loam-token-8461=',
    'x-loam-token-8461=secret',
  ])
    expect(access.isLetIn(claims(cookie)), cookie).toBe(false);
});

test('Other machines are told their links only where they may come', () => {
  expect(addressesFromElsewhere('127.0.0.1')).toEqual([]);
  expect(addressesFromElsewhere('localhost')).toEqual([]);
  expect(addressesFromElsewhere('192.168.1.20')).toEqual(['192.168.1.20']);
  for (const address of addressesFromElsewhere('0.0.0.0')) {
    expect(address).not.toMatch(/^127\./);
    expect(createAccess({ host: '0.0.0.0', port: 1, token: 'secret' }).knowsHost(`${address}:1`)).toBe(true);
  }
});

test('Loopback and everywhere are told apart from other addresses', () => {
  expect(['127.0.0.1', '127.8.8.8', '::1', 'localhost'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '::', '192.168.1.20', '127.0.0.1.example'].some(isLoopback)).toBe(false);
  expect(['0.0.0.0', '::', '0:0:0:0:0:0:0:0'].every(listensEverywhere)).toBe(true);
  expect(['::1', '127.0.0.1', '192.168.1.20'].some(listensEverywhere)).toBe(false);
});
