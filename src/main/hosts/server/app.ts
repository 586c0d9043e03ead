import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { setCookie } from 'hono/cookie';
import { uploadPath } from '../../../shared/uploads/upload.ts';
import { createCallLog } from '../../studio/api/call-log.ts';
import type { Studio } from '../../studio/studio.ts';
import type { Access, Claims } from './access.ts';
import { probePath } from './opening-page.ts';
import { onwardPage, pageHeaders, plainPage, servePages } from './pages.ts';
import type { Sessions } from './sessions.ts';
import { handleUpload } from './upload.ts';

/** Whether the browser's session still is one: 204 or 401. A page that lost its connection asks. */
const sessionPath = '/session';

export interface AppOptions {
  readonly studio: Studio;
  /** The built renderer. */
  readonly assets: string;
  readonly uploadLimit?: number;
  readonly certificate?: object;
  readonly access: Access;
  readonly sessions: Sessions;
  /** The name of its own by which a browser on this machine reaches the server. */
  readonly name: string | undefined;
  /** Told of what a session has open for longer than a moment. */
  readonly onSession: (session: string, connection: Duplex) => void;
}

/** Answers requests of HTTP: lets browsers in, and gives those that are let in the pages and takes their files. */
export function createApp(options: AppOptions): Hono<{ Bindings: HttpBindings }> {
  const { studio, assets, uploadLimit, access, sessions, name, onSession } = options;
  const log = createCallLog(studio);
  const app = new Hono<{ Bindings: HttpBindings }>();
  // Before the rest: only whoever knows the name gets this, and it says nothing but that it is there.
  app.get(probePath, async (context, next) => {
    const host = context.req.header('host')?.replace(/:\d+$/, '').toLowerCase();
    if (name === undefined || host !== name) return next();
    return context.body('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', 200, {
      'Content-Type': 'image/svg+xml',
      'Content-Security-Policy': "default-src 'none'",
      'Cache-Control': 'no-store',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'X-Content-Type-Options': 'nosniff',
    });
  });
  app.use(pageHeaders);
  app.use(async (context, next) => {
    if (access.knowsHost(context.req.header('host'))) return next();
    return context.html(
      plainPage('Not here', 'This address is not the studio’s. Open it by the link that it printed.'),
      403,
    );
  });
  app.get('/', async (context, next) => {
    const given = context.req.query('code');
    if (given === undefined) return next();
    context.header('Cache-Control', 'no-store');
    const { incoming } = context.env;
    // What a browser fetches before anybody asked for it, or a program to look what is there, does not use the link up.
    if (context.req.method !== 'GET' || isPrefetch(context.req.header('sec-purpose')))
      return context.body(null, 503);
    const claims = claimsOf(incoming);
    // A link that this browser came by stays good for it: the address may be opened again from its history.
    if (access.sessionOf(claims) !== undefined) return context.html(onwardPage('/'));
    const secret = sessions.redeem(given, {
      browser: (context.req.header('user-agent') ?? '').slice(0, 300),
      address: incoming.socket.remoteAddress ?? '',
      host: claims.host ?? '',
    });
    if (secret === undefined)
      return context.html(
        plainPage(
          'This link no longer works',
          'Each link lets one browser in, once. This one has been used, or was printed before Loam was last started. To get another, run <code>loam session new</code> in a terminal on the machine that Loam runs on (in a clone: <code>npm run loam -- session new</code>).',
        ),
        403,
      );
    setCookie(context, access.cookieName, secret, {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      ...(options.certificate === undefined ? {} : { secure: true }),
    });
    return context.html(onwardPage('/'));
  });
  app.use(async (context, next) => {
    if (access.sessionOf(claimsOf(context.env.incoming)) !== undefined) return next();
    context.header('Cache-Control', 'no-store');
    return context.html(
      plainPage(
        'Open Loam by its link',
        'This browser has not been let in, or its session has ended. Open the link that ends in “?code=…” in the terminal in which Loam was started. Each link lets one browser in, once. To get another, run <code>loam session new</code> there (in a clone: <code>npm run loam -- session new</code>).',
      ),
      401,
    );
  });
  app.get(sessionPath, (context) => {
    context.header('Cache-Control', 'no-store');
    return context.body(null, 204);
  });
  app.post(uploadPath, async (context) => {
    const { incoming } = context.env;
    const claims = claimsOf(incoming);
    if (!access.isOwnPage(claims))
      return context.text('Files are taken from the studio’s own pages only.', 403);
    const session = access.sessionOf(claims);
    if (session !== undefined) onSession(session.id, incoming.socket);
    return handleUpload(context, {
      studio,
      log,
      ...(uploadLimit === undefined ? {} : { limit: uploadLimit }),
    });
  });
  app.use(compress());
  app.use(...servePages(assets));
  app.notFound((context) => context.html(plainPage('Nothing here', 'There is no such page.'), 404));
  app.onError((error, context) => {
    log.defect(error, { procedure: `${context.req.method} ${context.req.path}`, project: undefined });
    return context.text('Something in Loam went wrong that should not. The details are in its log.', 500);
  });
  return app;
}

export function claimsOf({ headers }: IncomingMessage): Claims {
  return { host: headers.host, origin: headers.origin, cookie: headers.cookie };
}

function isPrefetch(purpose: string | undefined): boolean {
  return purpose?.startsWith('prefetch') === true;
}
