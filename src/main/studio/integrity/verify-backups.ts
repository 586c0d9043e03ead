import { basename } from 'node:path';
import { projectPaths } from '../projects/paths.ts';
import { listBackups } from '../store/backup.ts';
import { verifyStore, type StoreVerification } from '../store/verify-store.ts';
import { explainSystemError } from '../system-errors.ts';
import { statSync } from 'node:fs';
import type { Place } from './verify-folders.ts';

/** Each backup is opened and read as the store is: one that cannot be opened would be found out when it is needed. */
export async function verifyBackups(place: Place): Promise<void> {
  for (const { file, madeAt } of listBackups(projectPaths(place.folder).store)) {
    const { onBytes, signal } = place.reading;
    const bytes = statSync(file, { throwIfNoEntry: false })?.size;
    // A newer one may have taken its place since its name was read.
    if (bytes === undefined) continue;
    let told = 0;
    const fault = describeFault(
      await verifyStore(file, {
        kind: 'backup',
        onShare: (share) => {
          onBytes?.(Math.floor(share * bytes) - told);
          told = Math.floor(share * bytes);
        },
        ...(signal === undefined ? {} : { signal }),
      }).catch((error: unknown) => {
        signal?.throwIfAborted();
        return explainSystemError(error, file)?.what ?? 'It cannot be read.';
      }),
    );
    onBytes?.(bytes - told);
    place.countFile();
    if (fault === undefined) continue;
    place.report({
      status: 'damaged',
      what: `backup of ${madeAt.toISOString().slice(0, 16).replace('T', ' ')}`,
      path: `backups/${basename(file)}`,
      ...fault,
    });
  }
}

function describeFault(
  found: StoreVerification | string,
): { readonly detail: string; readonly consequence: string } | undefined {
  if (typeof found === 'string')
    return { detail: found, consequence: 'It cannot take the place of the store; another backup can.' };
  const { structure, damaged } = found;
  if (structure.length > 0)
    return {
      detail: `SQLite finds it damaged: ${structure.join('; ')}.`,
      consequence: 'It cannot take the place of the store; another backup can.',
    };
  const [first] = damaged;
  if (first === undefined) return undefined;
  return {
    detail: `Rows of its table ${first.table} (${first.block}) are not those that were written${damaged.length === 1 ? '' : `, and ${damaged.length - 1} more`}.`,
    consequence: 'In the place of the store it would have the same damage; the store itself is not affected.',
  };
}
