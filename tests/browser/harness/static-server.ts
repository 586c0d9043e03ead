import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { Hono } from 'hono';
import { pageHeaders, servePages } from '../../../src/main/hosts/server/pages.ts';

/** Built pages, served as the studio serves its own, without a studio behind them. */
export interface StaticServer {
  readonly link: string;
  readonly origin: string;
  readonly close: () => Promise<void>;
}

export async function serveFolder(folder: string): Promise<StaticServer> {
  const app = new Hono();
  app.use(pageHeaders);
  for (const handler of servePages(folder)) app.use(handler);
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise<void>((resolved) => void server.once('listening', resolved));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    link: `${origin}/`,
    close: () => new Promise((resolved) => void server.close(() => resolved())),
  };
}
