import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { LoamError } from '../../../shared/errors.ts';

/** The renderer's files as `npm run build` leaves them, seen from this file in the source tree. */
export const builtRenderer = join(import.meta.dirname, '../../../../out/renderer');

/** @throws LoamError when the pages were not built. */
export function requirePages(folder: string): void {
  if (!existsSync(join(folder, 'index.html')))
    throw new LoamError({
      kind: 'environment',
      where: folder,
      what: 'The studio’s pages have not been built yet.',
      remedy: 'Build them by `npm run build`, or open the studio by `npm start`, which does so itself.',
    });
}

/**
 * What browsers are told of every answer: the pages load their own files and nothing else, run no script that is not a
 * file of theirs, and are shown in no other page. Monaco writes styles into the page, hence 'unsafe-inline' for styles.
 */
export const pageHeaders: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    workerSrc: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
  },
  crossOriginOpenerPolicy: 'same-origin',
  crossOriginResourcePolicy: 'same-origin',
  referrerPolicy: 'no-referrer',
  xFrameOptions: 'DENY',
});

/** Vite names the files in this folder by their content, so that they can be kept for ever. */
const hashedFolder = '/assets/';

/** Serves the built pages. What is not there is said so; a path that leads out of the folder is not there. */
export function servePages(folder: string): readonly MiddlewareHandler[] {
  return [
    async (context, next) => {
      await next();
      const kept = context.res.ok && context.req.path.startsWith(hashedFolder);
      context.header('Cache-Control', kept ? 'private, max-age=31536000, immutable' : 'no-store');
    },
    serveStatic({ root: folder }),
  ];
}

/** A page that says one thing, for whoever is not let in. */
export function plainPage(title: string, text: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><link rel="icon" href="data:,"><style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}</style><h1>${title}</h1><p>${text}</p></html>`;
}

/**
 * A page that goes on to another one. A redirect would not do: a browser keeps a strict cookie from a redirect whose
 * link was followed from another program's page.
 */
export function onwardPage(path: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Loam</title><link rel="icon" href="data:,"><meta http-equiv="refresh" content="0;url=${path}"></html>`;
}
