import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../llm/files/make-folder.ts';

const form = /^loam-[0-9a-f]{16}\.localhost$/;

/**
 * The name by which a browser on this machine reaches the studio: `loam-<random>.localhost`, which browsers take for the
 * machine itself (RFC 6761, 6.3). Browsers send a cookie to every port of a host. Nobody else answers at a name that nobody
 * else knows, so that no other program's pages on this machine are sent the studio's. It stays the same from start to start:
 * what a page keeps in the browser, it keeps by this name.
 * @param folder what belongs to the person on this machine
 */
export async function ownName(folder: string): Promise<string> {
  const file = join(folder, 'studio-address');
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (form.test(known)) return known;
  const name = `loam-${randomBytes(8).toString('hex')}.localhost`;
  await makeFolder(folder);
  await writeFile(file, `${name}\n`, { mode: 0o600 });
  return name;
}
