import { join } from 'node:path';
import type { ImportOrigin } from '../../../shared/datasets/import.ts';
import { makeTemporaryFolder } from '../../llm/files/owned-files.ts';

type Sample = NonNullable<ImportOrigin['sample']>;

/** Where each part of the sample lies among the files that the generator writes. */
const places: Readonly<Record<Sample, string>> = {
  documents: 'documents',
  tickets: 'tickets.csv',
  questions: 'questions.jsonl',
  passages: 'passages.tsv',
};

/** Writes the bundled sample into a folder that is there for as long as `use` works with it. */
export async function withBundledSample<Result>(
  sample: Sample | undefined,
  use: (paths: readonly string[]) => Promise<Result>,
): Promise<Result> {
  if (sample === undefined) return use([]);
  const { folder, remove } = makeTemporaryFolder('loam-sample-');
  try {
    const { writeSamples } = await import('../../../../resources/samples/write.ts');
    await writeSamples(folder);
    return await use([join(folder, places[sample])]);
  } finally {
    await remove();
  }
}
