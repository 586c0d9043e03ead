import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';

/** The scheme and host under which the window's page is loaded: an origin of its own, with no network behind it. */
export const appScheme = 'loam';
export const appOrigin = `${appScheme}://studio/`;

/**
 * What the page may do: load its own files and nothing else, and run no script that is not a file of its own. Monaco
 * writes styles into the page, hence 'unsafe-inline' for styles. The contract goes over a port, not over this.
 */
export const contentSecurityPolicy = [
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
].join('; ');

const mediaTypes: Readonly<Partial<Record<string, string>>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Answers the window's requests with the files of the built renderer. */
export function createPageServer(folder: string): (request: Request) => Promise<Response> {
  const root = resolve(folder);
  return async ({ method, url }) => {
    const file = method === 'GET' ? fileOf(root, url) : undefined;
    const content = file === undefined ? undefined : await readFile(file).catch(() => undefined);
    const headers = { 'content-security-policy': contentSecurityPolicy, 'x-content-type-options': 'nosniff' };
    return file === undefined || content === undefined
      ? new Response('Not found', { status: 404, headers: { ...headers, 'content-type': 'text/plain' } })
      : new Response(content, {
          headers: { ...headers, 'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream' },
        });
  };
}

/** The file that an address means; undefined for one of another host and one that leads out of the folder. */
function fileOf(root: string, address: string): string | undefined {
  try {
    const { protocol, host, pathname } = new URL(address);
    if (protocol !== `${appScheme}:` || host !== 'studio') return undefined;
    const path = decodeURIComponent(pathname);
    if (path.includes('\0')) return undefined;
    const file = resolve(root, `.${path === '/' ? '/index.html' : path}`);
    return file.startsWith(root + sep) ? file : undefined;
  } catch {
    return undefined;
  }
}
