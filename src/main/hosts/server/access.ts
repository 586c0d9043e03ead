import { hostname, networkInterfaces } from 'node:os';
import type { Session, Sessions } from './sessions.ts';

/** What a request says of itself, as far as it decides on access. */
export interface Claims {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly cookie: string | undefined;
}

/** Decides who may speak with the server. */
export interface Access {
  /**
   * Whether the address by which a browser came is one of the server's own. A page of somebody else's can have a name of
   * its own point to this machine (DNS rebinding); that name stands in the Host header.
   */
  knowsHost(host: string | undefined): boolean;
  /** Whether a request comes from one of the server's own pages. Browsers send the origin with every POST and socket. */
  isOwnPage(claims: Claims): boolean;
  /** The session that a request's cookie belongs to. */
  sessionOf(claims: Claims): Session | undefined;
  readonly cookieName: string;
}

export interface AccessOptions {
  /** The address that the server was told to listen on. */
  readonly host: string;
  readonly port: number;
  /** Whether it is spoken to by TLS. */
  readonly secure: boolean;
  /** Further names by which it is reached: the one of its own on this machine, those of its certificate. */
  readonly names: readonly string[];
  readonly sessions: Pick<Sessions, 'find'>;
  /** The machine's own addresses and names; the system's unless a test gives others. */
  readonly addresses?: readonly string[];
  readonly machineNames?: readonly string[];
}

export function createAccess(options: AccessOptions): Access {
  const { host, port, secure, sessions, addresses = ownAddresses(), machineNames = ownNames() } = options;
  const names = new Set(['localhost', '127.0.0.1', '::1', host.toLowerCase()]);
  for (const name of options.names) names.add(name.toLowerCase());
  if (listensEverywhere(host)) for (const address of addresses) names.add(address.toLowerCase());
  if (!isLoopback(host)) for (const name of machineNames) names.add(name.toLowerCase());
  const usualPort = secure ? 443 : 80;
  const hosts = new Set([...names].flatMap((name) => hostHeaders(name, port, usualPort)));
  // Browsers send a cookie to every port of a host: each server needs a name of its own. The prefix has a browser take the
  // cookie from this very host and by TLS alone (RFC 6265bis, 4.1.3.2).
  const cookieName = `${secure ? '__Host-' : ''}loam-session-${port}`;
  const knowsHost = (given: string | undefined): boolean =>
    given !== undefined && hosts.has(given.toLowerCase());
  return {
    knowsHost,
    isOwnPage: (claims) =>
      knowsHost(claims.host) && claims.origin === `${secure ? 'https' : 'http'}://${claims.host}`,
    sessionOf: (claims) => sessions.find(readCookie(claims.cookie, cookieName)),
    cookieName,
  };
}

/** Whether only programs on this machine can reach a server that listens on an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Whether an address means all of the machine's. */
export function listensEverywhere(host: string): boolean {
  return host === '0.0.0.0' || /^[0:]+$/.test(host);
}

/** The addresses by which other machines reach a server that listens on an address. */
export function addressesFromElsewhere(host: string): readonly string[] {
  if (isLoopback(host)) return [];
  if (!listensEverywhere(host)) return [host];
  return Object.values(networkInterfaces())
    .flatMap((entries = []) => entries)
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
}

/** An address as it stands in a link: IPv6 in brackets. */
export function inLink(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** A link's address without the brackets of IPv6, as the system wants it. */
export function withoutBrackets(host: string): string {
  return /^\[.*\]$/.test(host) ? host.slice(1, -1) : host;
}

function hostHeaders(name: string, port: number, usualPort: number): readonly string[] {
  const written = inLink(name);
  return port === usualPort ? [written, `${written}:${port}`] : [`${written}:${port}`];
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((entries = []) =>
    entries.map(({ address }) => address.replace(/%.*$/, '')),
  );
}

function ownNames(): readonly string[] {
  return [hostname(), `${hostname()}.local`];
}

function readCookie(header: string | undefined, name: string): string {
  const found = (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? '';
}
