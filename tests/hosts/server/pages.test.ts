import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startServer } from '../../../src/main/hosts/server/server.ts';
import { ask, letIn, startServing, type AskOptions, type Serving } from './serving.ts';

let serving: Serving;
beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving.stop());

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  ask(serving.server.port, path, { headers: { host: serving.host, cookie: serving.cookie, ...headers } });

describe('The link that is printed at the start', () => {
  const follow = (link: string, options: AskOptions = {}) => {
    const { host, pathname, search } = new URL(link);
    return ask(serving.server.port, `${pathname}${search}`, {
      ...options,
      headers: { host, ...options.headers },
    });
  };

  test('lets a browser in by a cookie that scripts and other sites cannot use, and leads to the pages', async () => {
    const { port } = serving.server;
    const { link, plainLink = '' } = serving.server.links();
    expect(link).toMatch(new RegExp(`^http://loam-[0-9a-f]{16}\\.localhost:${port}/\\?code=[\\w-]{32}$`));
    expect(new URL(plainLink).host).toBe(`127.0.0.1:${port}`);
    const code = new URL(link).searchParams.get('code') ?? '';
    expect(new URL(plainLink).searchParams.get('code')).toBe(code);
    const answer = await follow(link);
    expect(answer.status).toBe(200);
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(
      new RegExp(`^loam-session-${port}=[\\w-]{32}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    expect(cookie).not.toContain(code);
    expect(answer.body).toContain('content="0;url=/"');
    expect(answer.body).not.toContain(code);
    expect(answer.headers['cache-control']).toBe('no-store');
    const [own = ''] = cookie.split(';');
    expect((await get('/', { cookie: own })).status).toBe(200);
    // The browser that came by it may open it again; it gets no further session.
    const again = await follow(link, { headers: { cookie: own } });
    expect(again.body).toContain('content="0;url=/"');
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  test('lets in once, and says in words how to get another', async () => {
    const { link, plainLink = '' } = serving.server.links();
    expect((await follow(plainLink)).status).toBe(200);
    for (const used of [link, plainLink, `${link}x`]) {
      const answer = await follow(used);
      expect(answer.status).toBe(403);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.body).toContain('loam session new');
    }
  });

  test('is not used up by what looks ahead', async () => {
    const { link } = serving.server.links();
    for (const ahead of [{ method: 'HEAD' }, { headers: { 'sec-purpose': 'prefetch;prerender' } }])
      expect((await follow(link, ahead)).status).toBe(503);
    expect((await follow(link)).status).toBe(200);
  });

  test('is by the same name at each start, and the name is the person’s own', async () => {
    const { mode } = await stat(join(serving.folder, 'home', 'studio-address'));
    if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600);
    const again = await startServer({
      studio: serving.studio,
      host: '127.0.0.1',
      port: 0,
      assets: serving.assets,
      folder: join(serving.folder, 'home'),
    });
    expect(new URL(again.links().link).hostname).toBe(new URL(serving.server.links().link).hostname);
    await again.close();
  });

  test('says of the name whether a browser finds it, to nobody who does not know it', async () => {
    const { host } = new URL(serving.server.links().link);
    const here = await ask(serving.server.port, '/here.svg', { headers: { host } });
    expect([here.status, here.headers['content-type']]).toEqual([200, 'image/svg+xml']);
    expect(here.headers['cross-origin-resource-policy']).toBe('cross-origin');
    expect((await ask(serving.server.port, '/here.svg', { headers: { host: serving.host } })).status).toBe(
      401,
    );
  });
});

test('A session that is revoked is over: its pages are disconnected, and its cookie is worth nothing', async () => {
  const { server, host } = serving;
  const cookie = await letIn(server);
  const [session] = server.sessions.list().slice(-1);
  expect((await get('/session', { cookie })).status).toBe(204);
  const page = new WebSocket(`ws://${host}/rpc`, { headers: { origin: `http://${host}`, cookie } });
  await new Promise((resolve) => void page.once('open', resolve));
  const closed = new Promise((resolve) => void page.once('close', resolve));
  server.sessions.revoke(session?.id ?? '');
  await closed;
  expect((await get('/session', { cookie })).status).toBe(401);
  expect((await get('/session')).status).toBe(204);
  expect(() => server.sessions.revoke('none')).toThrow('no session of this id');
});

describe('The pages', () => {
  test('are shown to nobody without the secret, nor by a foreign address', async () => {
    for (const path of ['/', '/index.html', '/assets/index-1a2b3c.js', '/session', '/nothing']) {
      const without = await ask(serving.server.port, path, { headers: { host: serving.host } });
      expect(without.status).toBe(401);
      expect(without.body).toContain('loam session new');
      const rebound = await get(path, { host: 'evil.example' });
      expect(rebound.status).toBe(403);
    }
  });

  test('forbid everything that is not their own, in every answer', async () => {
    const answers = [
      await get('/'),
      await get('/nothing'),
      await ask(serving.server.port, '/', { headers: { host: serving.host } }),
      await get('/', { host: 'evil.example' }),
    ];
    for (const { headers } of answers) {
      expect(String(headers['content-security-policy']).split('; ').sort()).toEqual(
        [
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self' 'unsafe-inline'",
          "img-src 'self' data: blob:",
          "font-src 'self' data:",
          "connect-src 'self'",
          "worker-src 'self'",
          "frame-ancestors 'none'",
          "base-uri 'none'",
          "form-action 'none'",
        ].sort(),
      );
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test('are asked for anew each time, while files that are named by their content are kept', async () => {
    expect((await get('/')).headers['cache-control']).toBe('no-store');
    expect((await get('/index.html')).headers['cache-control']).toBe('no-store');
    expect((await get('/assets/index-1a2b3c.js')).headers['cache-control']).toBe(
      'private, max-age=31536000, immutable',
    );
    expect((await get('/assets/gone.js')).headers['cache-control']).toBe('no-store');
  });

  test('come compressed to browsers that can unpack them', async () => {
    const { headers, length, text } = await getCompressed('/assets/index-1a2b3c.js');
    expect(headers['content-encoding']).toBe('gzip');
    expect(length).toBeLessThan(1000);
    expect(text).toContain('"loam","loam"');
    expect((await get('/assets/index-1a2b3c.js')).headers['content-encoding']).toBeUndefined();
  });

  test.each([
    '/../outside.txt',
    '/assets/../../outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '/..%5coutside.txt',
    '//outside.txt',
    '/assets/%2e%2e/%2e%2e/outside.txt',
  ])('never lead out of their folder by %s', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('not for the browser');
  });

  test('tell a page that lost its connection whether it is still let in', async () => {
    expect((await get('/session')).status).toBe(204);
    expect((await get('/session', { cookie: 'x=y' })).status).toBe(401);
  });
});

describe('A server that cannot start says why in words', () => {
  test('when another program has the port', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(
      startServer({ studio: serving.studio, host: '127.0.0.1', port, assets: serving.assets }),
    ).rejects.toThrow(`127.0.0.1:${port}: Another program listens on this port`);
    other.close();
  });

  test('when the address is another machine’s', async () => {
    await expect(
      startServer({ studio: serving.studio, host: '192.0.2.1', port: 0, assets: serving.assets }),
    ).rejects.toThrow(/not one of this machine’s/);
  });

  test('when the pages were not built', async () => {
    await expect(
      startServer({
        studio: serving.studio,
        host: '127.0.0.1',
        port: 0,
        assets: join(serving.folder, 'project'),
      }),
    ).rejects.toThrow(/npm run build/);
  });
});

test('A server on the address of IPv6 is reached by its link', async () => {
  const other = await startServer({
    studio: serving.studio,
    host: '[::1]',
    port: 0,
    assets: serving.assets,
    folder: join(serving.folder, 'home'),
  });
  try {
    expect(other.links().plainLink).toMatch(`http://[::1]:${other.port}/?code=`);
    const answer = await ask(other.port, '/', {
      address: '::1',
      headers: { host: `[::1]:${other.port}`, cookie: await letIn(other, '::1') },
    });
    expect(answer.status).toBe(200);
  } finally {
    await other.close();
  }
});

function getCompressed(path: string) {
  return new Promise<{ headers: NodeJS.Dict<string | string[]>; length: number; text: string }>(
    (resolve, reject) => {
      request(
        {
          port: serving.server.port,
          path,
          headers: { host: serving.host, cookie: serving.cookie, 'accept-encoding': 'gzip' },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const bytes = Buffer.concat(chunks);
            resolve({ headers: response.headers, length: bytes.length, text: gunzipSync(bytes).toString() });
          });
        },
      )
        .on('error', reject)
        .end();
    },
  );
}
