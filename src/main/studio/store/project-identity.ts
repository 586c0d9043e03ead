import { createHash } from 'node:crypto';

/**
 * The identity of a project whose store is older than identities: the same whenever it is asked for, so that a backup which
 * is put back stays the project that it was.
 * @returns a UUID of version 8 (RFC 9562, section 5.8)
 */
export function identityOfOlderProject(name: string, createdAt: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([name, createdAt]))
    .digest('hex');
  const [one, two, three, four, five] = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ];
  return [one, two, three, four, five].join('-');
}
