import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import {
  isFault,
  verifiedAreas,
  type Finding,
  type Verification,
  type VerifiedArea,
} from '../../../shared/integrity/verification.ts';
import type { ReadingFiles } from '../../llm/files/file-digest.ts';
import { projectPaths } from '../projects/paths.ts';
import { verifyStore } from '../store/verify-store.ts';
import { explainSystemError } from '../system-errors.ts';
import { describeStoreFindings } from './store-findings.ts';
import { readNames, type Names } from './stored-names.ts';
import { listUnknownArtefacts } from './unknown-artefacts.ts';
import { verifyBackups } from './verify-backups.ts';
import { verifyIndexes, verifyTokens } from './verify-derived.ts';
import { verifyExports } from './verify-exports.ts';
import type { Place } from './verify-folders.ts';
import { verifyModels, verifyRuns, verifyTokenizers } from './verify-models.ts';
import { verifySources } from './verify-sources.ts';

export interface VerifyProgress {
  readonly area: VerifiedArea;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface VerifyOptions {
  readonly onProgress?: (progress: VerifyProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Reads everything that a project keeps and compares it with the hashes that were kept when it was written. Nothing is
 * changed, and nothing is taken from memory. The store need not be sound: of a damaged one it is said, and the files are
 * looked at all the same.
 * @throws LoamError when there is no project in the folder; the signal's reason when that aborts.
 */
export async function verifyProject(folder: string, options: VerifyOptions = {}): Promise<Verification> {
  const { signal, onProgress } = options;
  const paths = projectPaths(folder);
  if (!existsSync(paths.store))
    throw new LoamError({
      kind: 'misuse',
      where: folder,
      what: 'There is no Loam project here.',
      remedy: 'Name the folder of a project.',
    });
  const findings: Finding[] = [];
  const areas = new Map<VerifiedArea, { files: number; bytes: number }>();
  let area: VerifiedArea = 'store';
  let bytes = 0;
  const count = (more: { readonly files: number; readonly bytes: number }): void => {
    const before = areas.get(area) ?? { files: 0, bytes: 0 };
    areas.set(area, { files: before.files + more.files, bytes: before.bytes + more.bytes });
  };
  const totalBytes = await sizeOf(folder, ['loam.sqlite', ...verifiedFolders]);
  const reading: ReadingFiles = {
    onBytes: (more) => {
      bytes += more;
      count({ files: 0, bytes: more });
      onProgress?.({ area, bytes: Math.min(bytes, totalBytes), totalBytes });
    },
    ...(signal === undefined ? {} : { signal }),
  };
  const place: Place = {
    folder,
    reading,
    report: (finding) => void findings.push({ area, ...finding }),
    countFile: () => count({ files: 1, bytes: 0 }),
    stored: (path) => relative(folder, path).split(sep).join('/'),
  };

  const names = readNames(paths.store);
  const store = await lookAtStore(paths.store, reading, await listUnknownArtefacts(folder, names));
  for (const finding of store.findings) place.report(finding);
  place.countFile();
  for (const [name, look] of looks) {
    area = name;
    signal?.throwIfAborted();
    await look(place, names);
  }
  return {
    files: [...areas.values()].reduce((sum, each) => sum + each.files, 0),
    bytes,
    rows: store.rows,
    areas: verifiedAreas.flatMap((name) => {
      const read = areas.get(name);
      return read === undefined ? [] : [{ area: name, ...read }];
    }),
    findings,
  };
}

/** Whether a verification found that something is not as it was. */
export const hasFaults = ({ findings }: Pick<Verification, 'findings'>): boolean => findings.some(isFault);

const verifiedFolders = [
  'sources',
  'tokenizers',
  'documents',
  'tokens',
  'models',
  'runs',
  'exports',
  'backups',
];

type Look = (place: Place, names: Names) => Promise<void>;

/** What is looked at after the store. */
const looks: readonly (readonly [VerifiedArea, Look])[] = [
  ['sources', verifySources],
  ['tokenizers', verifyTokenizers],
  ['indexes', verifyIndexes],
  ['tokens', verifyTokens],
  ['models', verifyModels],
  ['runs', verifyRuns],
  ['exports', verifyExports],
  ['backups', verifyBackups],
];

async function lookAtStore(
  file: string,
  { onBytes, signal }: ReadingFiles,
  unknown: readonly string[],
): Promise<{ readonly rows: number; readonly findings: readonly Omit<Finding, 'area'>[] }> {
  const { size } = await stat(file);
  let told = 0;
  const tell = (upTo: number): void => {
    onBytes?.(upTo - told);
    told = upTo;
  };
  try {
    const verification = await verifyStore(file, {
      onShare: (share) => tell(Math.floor(share * size)),
      ...(signal === undefined ? {} : { signal }),
    });
    return { rows: verification.rows, findings: describeStoreFindings(file, verification, unknown) };
  } catch (error) {
    signal?.throwIfAborted();
    const explained = explainSystemError(error, file);
    return {
      rows: 0,
      findings: [
        {
          status: 'damaged',
          what: 'the store',
          path: 'loam.sqlite',
          detail: explained?.what ?? 'It cannot be read.',
          consequence:
            'Names, curves and recipes are in it. Its newest backup can be put in its place; sources and checkpoints are separate files and not affected.',
        },
      ],
    };
  } finally {
    tell(size);
  }
}

async function sizeOf(folder: string, names: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const name of names) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) continue;
    if (!found.isDirectory()) {
      bytes += found.size;
      continue;
    }
    for (const entry of await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []))
      if (entry.isFile())
        bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}
