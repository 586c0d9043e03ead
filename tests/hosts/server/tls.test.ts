import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readCertificate } from '../../../src/main/hosts/server/certificate.ts';
import { startServer, type RunningServer } from '../../../src/main/hosts/server/server.ts';
import { startServing, type Serving } from './serving.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/tls');
const at = (name: string): string => join(fixtures, name);

describe('A certificate', () => {
  test('is read with its key and the names that it is for', async () => {
    const { names } = await readCertificate(at('certificate.pem'), at('key.pem'));
    expect(names).toEqual(['studio.test', '127.0.0.1']);
  });

  test.each([
    ['that is not there', 'nothing.pem', 'key.pem', /nothing\.pem/],
    ['that is none', 'make.sh', 'key.pem', /not a certificate in PEM/],
    ['whose key is none', 'certificate.pem', 'make.sh', /not a private key in PEM/],
    ['with the key of another', 'certificate.pem', 'other-key.pem', /not the key of the certificate/],
  ])('%s is refused in words', async (_what, certificate, key, words) => {
    await expect(readCertificate(at(certificate), at(key))).rejects.toThrow(words);
  });
});

test('A certificate that is over is refused', async () => {
  await expect(readCertificate(at('certificate.pem'), at('key.pem'), new Date('2300-01-01'))).rejects.toThrow(
    /The certificate is valid from .* and not now/,
  );
});

describe('A studio with a certificate', () => {
  let serving: Serving;
  let server: RunningServer;
  let ca: string;
  beforeAll(async () => {
    serving = await startServing();
    ca = await readFile(at('certificate.pem'), 'utf8');
    server = await startServer({
      studio: serving.studio,
      host: '127.0.0.1',
      port: 0,
      assets: serving.assets,
      folder: join(serving.folder, 'home'),
      certificate: await readCertificate(at('certificate.pem'), at('key.pem')),
    });
  });
  afterAll(async () => {
    await server.close();
    await serving.stop();
  });

  const get = (path: string, headers: Readonly<Record<string, string>>) =>
    new Promise<{ readonly status: number | undefined; readonly cookies: readonly string[] }>(
      (resolve, reject) => {
        request(
          { host: '127.0.0.1', port: server.port, path, ca, headers, servername: 'studio.test' },
          (response) => {
            response.resume();
            resolve({ status: response.statusCode, cookies: response.headers['set-cookie'] ?? [] });
          },
        )
          .on('error', reject)
          .end();
      },
    );

  test('is opened by the certificate’s name, with a cookie that is sent by TLS to this host alone', async () => {
    const { link, plainLink } = server.links();
    expect(link).toMatch(`https://studio.test:${server.port}/?code=`);
    expect(plainLink).toBeUndefined();
    const { host, search } = new URL(link);
    const { status, cookies } = await get(`/${search}`, { host });
    expect(status).toBe(200);
    expect(cookies[0]).toMatch(
      new RegExp(
        `^__Host-loam-session-${server.port}=[\\w-]{32}; Path=/; HttpOnly; Secure; SameSite=Strict$`,
      ),
    );
    const cookie = cookies[0]?.split(';')[0] ?? '';
    expect((await get('/session', { host, cookie })).status).toBe(204);
    const open = (origin: string) => {
      const page = new WebSocket(`wss://127.0.0.1:${server.port}/rpc`, {
        ca,
        headers: { host, cookie, origin },
      });
      page.on('error', () => undefined);
      return new Promise<string>((resolve) => {
        page.once('open', () => resolve('open'));
        page.once('close', () => resolve('refused'));
      }).finally(() => page.terminate());
    };
    expect(await open(`https://${host}`)).toBe('open');
    expect(await open(`http://${host}`)).toBe('refused');
  });

  test('does not speak without encryption', async () => {
    await expect(fetch(`http://127.0.0.1:${server.port}/`)).rejects.toThrow();
  });
});
