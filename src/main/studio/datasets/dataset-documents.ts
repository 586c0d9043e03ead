import type { Fields } from '../../../shared/datasets/columns.ts';
import { conversationOfRecord } from '../../../shared/datasets/conversation-of-record.ts';
import type { RecordFile } from '../../llm/data/source-records.ts';
import type { TextDocument, TextFile } from '../../llm/data/text-files.ts';
import { readDocuments } from '../../llm/data/text-files.ts';
import { requireIntactDataset } from '../projects/intact-rows.ts';
import type { Project } from '../projects/projects.ts';
import { openDocumentIndex } from './documents/open-index.ts';
import { applyRecipe } from './documents/recipe-effects.ts';
import { recipeFields } from './documents/recipe-fields.ts';
import { ensureDocumentIndex } from './document-indexes.ts';
import { readDatasetVersion, type DatasetVersion } from './dataset-rows.ts';
import { isPlain } from './dataset-version.ts';
import { filesOfSources, requireUnchangedSources } from './source-places.ts';

/**
 * The documents of a dataset after its recipe, in order: what tokenizers and models learn from and are measured on.
 * Plain texts are read from their files; tables, and texts with a recipe, from the index, which is made where it is
 * missing and has the documents' labels. Documents of nothing but white space are left out.
 * @param contents a version of the dataset; what changes in the project meanwhile is not in it.
 * @throws LoamError when a source cannot be read, or one that was kept where it is has changed.
 */
export async function* datasetDocuments(
  project: Project,
  contents: DatasetVersion,
  {
    signal,
    withLabels = false,
    withFields = false,
    withConversations = false,
  }: {
    readonly signal?: AbortSignal;
    /** Whether each has its label, which the files of a plain dataset do not give by themselves. */
    readonly withLabels?: boolean;
    /** Whether each has the fields of its record, as the recipe leaves them. */
    readonly withFields?: boolean;
    /** Whether each has the conversation that its record is. */
    readonly withConversations?: boolean;
  } = {},
): AsyncGenerator<TextDocument> {
  const stop = signal === undefined ? {} : { signal };
  requireIntactDataset(project, contents.datasetId);
  await requireUnchangedSources(project, contents.sources, stop);
  if (isPlain(contents) && !withLabels && !withFields && !withConversations) {
    yield* readDocuments(filesOfSources(project, contents.sources).map(plainFile));
    return;
  }
  const index = openDocumentIndex(await ensureDocumentIndex(project, contents, { ...stop, intact: true }));
  try {
    const { excludedBy, edits } = await applyRecipe(index, contents.recipe, stop);
    const fieldsOf = withFields || withConversations ? recipeFields(index, contents.recipe) : undefined;
    const { mapping } = index.description;
    const partsOfRecord = (fields: Fields): Pick<TextDocument, 'fields' | 'conversation'> => {
      const conversation = withConversations ? conversationOfRecord(fields, mapping) : undefined;
      return {
        ...(withFields ? { fields } : {}),
        ...(conversation === undefined ? {} : { conversation }),
      };
    };
    let number = 0;
    for (let document = 0; document < index.description.documents; document++) {
      if (excludedBy[document] !== -1) continue;
      const edited = edits.get(document);
      const pieces = edited?.pieces() ?? index.pieces(document);
      const source = index.description.sources[index.columns.source[document] ?? 0] ?? '';
      const label = index.description.labels[index.columns.label[document] ?? -1];
      const about = {
        source,
        ...(label === undefined ? {} : { label }),
        ...(fieldsOf === undefined ? {} : partsOfRecord(fieldsOf(document).fields)),
      };
      let held: string | undefined;
      for (const text of pieces) {
        if (held !== undefined) yield { ...about, text: held, index: number, continues: true };
        held = text;
      }
      if (held === undefined) continue;
      yield { ...about, text: held, index: number, continues: false };
      number += 1;
    }
  } finally {
    index.close();
  }
}

/** The labels of the documents that the recipe leaves, in the order of their characters. */
export async function labelsOfDataset(
  project: Project,
  contents: DatasetVersion,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const stop = signal === undefined ? {} : { signal };
  const index = openDocumentIndex(await ensureDocumentIndex(project, contents, stop));
  try {
    const { excludedBy } = await applyRecipe(index, contents.recipe, stop);
    const { labels } = index.description;
    const found = new Set<string>();
    for (let document = 0; document < index.description.documents; document++) {
      const label = labels[index.columns.label[document] ?? -1];
      if (excludedBy[document] === -1 && label !== undefined) found.add(label);
    }
    return [...found].toSorted();
  } finally {
    index.close();
  }
}

/**
 * The beginnings of some of a dataset's documents, spread evenly over it: the same text each time. Of plain text the
 * beginnings of some files.
 * @param length of all together, in UTF-16 units.
 */
export async function sampleDatasetText(
  project: Project,
  datasetId: number,
  { length, parts }: { readonly length: number; readonly parts: number },
): Promise<string> {
  const contents = readDatasetVersion(project, datasetId);
  const texts: string[] = [];
  if (isPlain(contents)) {
    const files = spread(filesOfSources(project, contents.sources), parts);
    for (const file of files) {
      let wanted = Math.floor(length / files.length);
      for await (const { text } of readDocuments([plainFile(file)])) {
        texts.push(text.slice(0, wanted));
        wanted -= text.length;
        if (wanted <= 0) break;
      }
    }
    return texts.join('\n');
  }
  const index = openDocumentIndex(await ensureDocumentIndex(project, contents));
  try {
    const { excludedBy, edits } = await applyRecipe(index, contents.recipe);
    const kept = [...excludedBy.keys()].filter((document) => excludedBy[document] === -1);
    const chosen = spread(kept, Math.max(parts, 1000));
    const each = Math.ceil((2 * length) / Math.max(1, chosen.length));
    let missing = length;
    for (const document of chosen) {
      const text = edits.get(document)?.text(each) ?? index.text(document, each);
      texts.push(text.slice(0, Math.min(each, missing)));
      missing -= text.length;
      if (missing <= 0) break;
    }
    return texts.join('\n');
  } finally {
    index.close();
  }
}

/** A file of a plain dataset, whose format is one of these two. */
function plainFile({ path, name, encoding, reading }: RecordFile): TextFile {
  return { path, name, encoding, format: reading.format === 'jsonl' ? 'jsonl' : 'text' };
}

/** Some of a list's items, spread evenly over it. */
function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  const count = Math.min(items.length, most);
  return Array.from({ length: count }, (_, place) => Math.floor((place * items.length) / count)).flatMap(
    (place) => items.slice(place, place + 1),
  );
}
