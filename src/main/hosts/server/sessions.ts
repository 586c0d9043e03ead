import { createHash, randomBytes } from 'node:crypto';
import { LoamError } from '../../../shared/errors.ts';

/** How long a code waits for its first use, and a session without any, in milliseconds. */
const codeLifetime = 24 * 3_600_000;
const sessionLifetime = 14 * 24 * 3_600_000;
/** The oldest give way beyond these. */
const mostCodes = 100;
const mostSessions = 100;

/** What a browser said of itself when it was let in. */
export interface SessionOrigin {
  /** As the browser names itself. */
  readonly browser: string;
  /** Where it came from, and by which of the server's addresses. */
  readonly address: string;
  readonly host: string;
}

/** A browser that is let in. Its secret is known to it alone: here is a hash. */
export interface Session extends SessionOrigin {
  /** Names it to a person; it opens nothing. */
  readonly id: string;
  readonly createdAt: string;
  readonly usedAt: string;
}

/** The links that let a browser in, once each, and the browsers that came by them. */
export interface Sessions {
  /** Makes a code that lets one browser in, once. */
  newCode(): string;
  /** Uses a code up. @returns the secret of a new session; undefined when the code was used already or never given out */
  redeem(code: string, origin: SessionOrigin): string | undefined;
  /** The session that a secret belongs to, which is used by being asked for. */
  find(secret: string): Session | undefined;
  list(): readonly Session[];
  /** Ends a session. @throws LoamError when there is none of that id */
  revoke(id: string): void;
  /** Ends all. @returns how many */
  revokeAll(): number;
  /** Is told of each session that ends. */
  onEnd(listener: (id: string) => void): void;
  /** Is told of each code that was used. */
  onRedeemed(listener: (code: string) => void): void;
}

/**
 * Codes and sessions live in memory alone: a new start of the server knows none of the one before. Secrets are found by their
 * hash, so that the time a look takes says nothing of them.
 */
export function createSessions(clock: () => Date = () => new Date()): Sessions {
  const codes = new Map<string, number>();
  const sessions = new Map<string, Session>();
  const onEnd: ((id: string) => void)[] = [];
  const onRedeemed: ((code: string) => void)[] = [];
  const now = (): number => clock().getTime();

  const end = (key: string): void => {
    const session = sessions.get(key);
    if (session === undefined) return;
    sessions.delete(key);
    for (const listener of onEnd) listener(session.id);
  };
  const forgetOld = (): void => {
    for (const [key, given] of codes) if (now() - given > codeLifetime) codes.delete(key);
    for (const [key, { usedAt }] of sessions) if (now() - Date.parse(usedAt) > sessionLifetime) end(key);
  };

  return {
    newCode: () => {
      forgetOld();
      const code = newSecret();
      codes.set(hashOf(code), now());
      for (const key of [...codes.keys()].slice(0, Math.max(0, codes.size - mostCodes))) codes.delete(key);
      return code;
    },
    redeem: (code, origin) => {
      forgetOld();
      if (!codes.delete(hashOf(code))) return undefined;
      const secret = newSecret();
      const moment = clock().toISOString();
      sessions.set(hashOf(secret), {
        ...origin,
        id: randomBytes(4).toString('hex'),
        createdAt: moment,
        usedAt: moment,
      });
      const byUse = [...sessions].toSorted(([, a], [, b]) => a.usedAt.localeCompare(b.usedAt));
      for (const [key] of byUse.slice(0, Math.max(0, sessions.size - mostSessions))) end(key);
      for (const listener of onRedeemed) listener(code);
      return secret;
    },
    find: (secret) => {
      if (secret === '') return undefined;
      const key = hashOf(secret);
      const session = sessions.get(key);
      if (session === undefined) return undefined;
      if (now() - Date.parse(session.usedAt) > sessionLifetime) {
        end(key);
        return undefined;
      }
      const used = { ...session, usedAt: clock().toISOString() };
      sessions.set(key, used);
      return used;
    },
    list: () => {
      forgetOld();
      return [...sessions.values()];
    },
    revoke: (id) => {
      const found = [...sessions].find(([, session]) => session.id === id);
      if (found === undefined)
        throw new LoamError({
          kind: 'input',
          where: id,
          what: 'There is no session of this id.',
          remedy: 'See `loam session list`; one that ended is not in it.',
        });
      end(found[0]);
    },
    revokeAll: () => {
      const all = [...sessions.keys()];
      for (const key of all) end(key);
      return all.length;
    },
    onEnd: (listener) => void onEnd.push(listener),
    onRedeemed: (listener) => void onRedeemed.push(listener),
  };
}

function newSecret(): string {
  return randomBytes(24).toString('base64url');
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
