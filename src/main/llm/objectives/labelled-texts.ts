import { LoamError } from '../../../shared/errors.ts';
import { openExamples, readExampleIndex } from '../data/examples/open-examples.ts';
import type { ExampleSplit } from '../data/examples/open-part.ts';
import { writeExamples, type ExampleSink } from '../data/examples/write-examples.ts';
import { countsOfExamples, type ExampleFormat, type WriteExamplesOptions } from './example-format.ts';

/** The form, with a version that counts up when the same documents would give other examples. */
export const labelledTexts = 'labelled-texts-1';

/** The columns: a text in tokens, and the number of its label. */
export const labelledColumns = { text: 'text', label: 'label' } as const;

/** A progress is told after so many bytes of text. */
const progressBytes = 2 ** 18;

/** A text in tokens and the number of its label, for each document that has one of the labels. */
export const labelledTextFormat: ExampleFormat<ExampleSplit> = {
  write: async (options) => {
    const { folder, tokenizer, split, labels, signal } = options;
    if (labels === undefined) throw new Error('Labelled texts are written with the labels that count.');
    const index = await writeExamples(
      {
        folder,
        form: labelledTexts,
        tokenizerHash: tokenizer.hash,
        labels,
        columns: [
          { name: labelledColumns.text, below: tokenizer.vocabularySize, values: 'many' },
          { name: labelledColumns.label, below: Math.max(1, labels.length), values: 'one' },
        ],
        split,
        ...(signal === undefined ? {} : { signal }),
      },
      (sink) => fill(sink, options, new Map(labels.map((label, number) => [label, number]))),
    );
    return countsOfExamples(index);
  },
  count: async (folder) => countsOfExamples(await readExampleIndex(folder, labelledTexts)),
  open: (folder) => openExamples(folder, labelledTexts),
};

/** Encodes the documents that have a label; counts the others. */
async function fill(
  sink: ExampleSink,
  { documents, tokenizer, onProgress, signal }: WriteExamplesOptions,
  numbers: ReadonlyMap<string, number>,
): Promise<{ readonly notes: readonly string[] }> {
  let unlabelled = 0;
  const unknown = new Map<string, number>();
  const done = { documents: 0, bytes: 0, tokens: 0 };
  let reported = 0;
  let bytes = 0;
  let tokens = 0;
  for await (const { text, label, continues = false } of documents) {
    signal?.throwIfAborted();
    const number = label === undefined ? undefined : numbers.get(label);
    if (number === undefined) {
      if (continues) continue;
      if (label === undefined) unlabelled += 1;
      else unknown.set(label, (unknown.get(label) ?? 0) + 1);
      continue;
    }
    const ids = tokenizer.encode(text);
    await sink.append(labelledColumns.text, ids);
    bytes += Buffer.byteLength(text);
    tokens += ids.length;
    if (continues) continue;
    // A text of characters that the tokenizer drops is an example without tokens: it still has its label.
    await sink.append(labelledColumns.label, [number]);
    await sink.endExample(bytes);
    done.documents += 1;
    done.bytes += bytes;
    done.tokens += tokens;
    [bytes, tokens] = [0, 0];
    if (done.bytes - reported < progressBytes) continue;
    reported = done.bytes;
    onProgress?.({ ...done });
  }
  onProgress?.({ ...done });
  return { notes: notesOf(unlabelled, unknown) };
}

function notesOf(unlabelled: number, unknown: ReadonlyMap<string, number>): readonly string[] {
  const count = (documents: number): string =>
    documents === 1 ? '1 document' : `${documents.toLocaleString('en')} documents`;
  const others = [...unknown].toSorted(([, one], [, other]) => other - one);
  const named = others.slice(0, 5).map(([label]) => `"${label}"`);
  const total = others.reduce((sum, [, documents]) => sum + documents, 0);
  return [
    ...(unlabelled === 0
      ? []
      : [`${count(unlabelled)} without a label ${unlabelled === 1 ? 'is' : 'are'} left out.`]),
    ...(total === 0
      ? []
      : [
          `${count(total)} ${total === 1 ? 'is' : 'are'} left out because the model does not know the label: ${named.join(', ')}${others.length > named.length ? ` and ${others.length - named.length} more` : ''}.`,
        ]),
  ];
}

/**
 * Refuses labels that nothing can be learned from.
 * @throws LoamError when there are fewer than two
 */
export function requireClasses(labels: readonly string[] | undefined): readonly string[] {
  if (labels !== undefined && labels.length >= 2) return labels;
  throw new LoamError({
    kind: 'input',
    where: 'labels',
    what:
      labels?.[0] === undefined
        ? 'The documents have no labels.'
        : `Every document has the same label, "${labels[0]}".`,
    remedy: 'Texts are told apart by two labels or more: say which column holds them, or add documents.',
  });
}
