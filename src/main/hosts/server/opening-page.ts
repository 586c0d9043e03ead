import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { ownedNames, removeOwned } from '../../llm/files/owned-files.ts';

/** Where a server answers whether a browser finds it by its own name. */
export const probePath = '/here.svg';

/** The same way in by two addresses: one that is the studio's alone, and one that every browser finds. */
export interface StudioLinks {
  readonly link: string;
  /** Undefined where there is no other. */
  readonly plainLink?: string | undefined;
}

/** A file that leads a browser into the studio. */
export interface OpeningPage {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Writes a page that goes on to the studio, to be opened instead of the link: the words of a command can be read by every
 * user of the machine for as long as it runs (`ps`), a file of mode 0600 by its owner alone.
 * @param folder what belongs to the person on this machine
 */
export async function writeOpeningPage(folder: string, links: StudioLinks): Promise<OpeningPage> {
  const place = (await snapFolder()) ?? join(folder, 'opening');
  await mkdir(place, { recursive: true, mode: 0o700 });
  const path = join(place, `open-loam-${randomBytes(6).toString('hex')}.html`);
  await writeFile(path, openingPage(links), { mode: 0o600, flag: 'wx' });
  const own = ownedNames(place, basename(path));
  return { path, remove: () => removeOwned(own, path).catch(() => undefined) };
}

/**
 * The page. Whether this browser finds a name that ends in `.localhost` only it can say (Safari asks the system, which
 * usually does not): the page asks for a picture at that name, and goes by the number where none comes.
 */
export function openingPage({ link, plainLink = link }: StudioLinks): string {
  const here = new URL(probePath, link).href;
  const words = JSON.stringify({ link, plainLink, here }).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Loam</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}</style>
<p>The studio opens here. If it does not: <a href="${link}">open it</a>${plainLink === link ? '' : `, or <a href="${plainLink}">by the machine’s number</a>`}.</p>
<script>
const { link, plainLink, here } = ${words};
const go = (address) => { clearTimeout(late); location.replace(address); };
const late = setTimeout(() => go(plainLink), 3000);
if (link === plainLink) go(link);
else {
  const picture = new Image();
  picture.onload = () => go(link);
  picture.onerror = () => go(plainLink);
  picture.src = here;
}
</script></html>
`;
}

/** A browser that was installed as a snap reads no hidden folders: it has one of its own. */
async function snapFolder(): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const { stdout } = await promisify(execFile)('xdg-mime', ['query', 'default', 'text/html'], {
    timeout: 2000,
  }).catch(() => ({ stdout: '' }));
  const name = /^([a-z0-9-]+)_[a-z0-9-]+\.desktop$/.exec(stdout.trim())?.[1];
  if (name === undefined) return undefined;
  const common = join(homedir(), 'snap', name, 'common');
  return (await stat(common).catch(() => undefined))?.isDirectory() === true ? common : undefined;
}
