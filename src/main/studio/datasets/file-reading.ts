import type { SourceReading } from '../../../shared/datasets/dataset.ts';
import type { ImportOrigin } from '../../../shared/datasets/import.ts';
import { LoamError } from '../../../shared/errors.ts';
import { listOfRecords, listsOfObject, type JsonList } from '../../llm/data/json-lists.ts';
import type { BadRecord } from '../../llm/data/record.ts';
import {
  formatOfContent,
  formatOfName,
  guessDelimiter,
  guessHeadings,
  guessQuoting,
  hasCarriageReturnRows,
} from '../../llm/data/source-format.ts';

/** What somebody says of the files; what is not said is guessed from each. */
export type ReadingChoices = Pick<ImportOrigin, 'headings' | 'delimiter' | 'quoting' | 'encoding' | 'list'>;

/** How a file is read, and what there is to say about it. */
export interface FileReading {
  readonly reading: SourceReading;
  /** What was found out that a person should know. */
  readonly notes: readonly BadRecord[];
  /** The lists of a JSON object that could be read as its records. */
  readonly lists: readonly JsonList[];
}

/**
 * How a file is read, by its name, what is in it and what somebody says of it.
 * @param head its beginning.
 * @param text gives its text, for the lists in it; it may be asked for more than once.
 * @throws LoamError for a JSON object with several lists of records, and a list that it has not.
 */
export async function readingOf(
  name: string,
  head: string,
  text: () => AsyncIterable<string>,
  choices: ReadingChoices = {},
): Promise<FileReading> {
  const format = formatOfContent(name, head);
  const notes: BadRecord[] = [];
  if (format !== formatOfName(name))
    notes.push({
      where: name,
      what:
        format === 'jsonl'
          ? 'It holds JSON Lines (a record a line), and is read so.'
          : 'It holds JSON over several lines, not JSON Lines, and is read so.',
      remedy: 'Nothing needs to be done.',
    });
  switch (format) {
    case 'csv':
    case 'tsv':
      return { reading: tableReading(head, format, choices), notes, lists: [] };
    case 'json': {
      const lists = head.trimStart().startsWith('{') ? await listsOfObject(text()) : [];
      const list = chooseList(name, lists, choices.list);
      if (list !== undefined) notes.push(unwrapped(name, list, lists));
      return {
        reading: { format, rules: 2, ...(list === undefined ? {} : { list: [...list.path] }) },
        notes,
        lists,
      };
    }
    // There is nothing to choose.
    default:
      return { reading: { format, rules: 2 }, notes, lists: [] };
  }
}

/** How a table is read, by its beginning and what somebody says of it. */
function tableReading(head: string, format: 'csv' | 'tsv', choices: ReadingChoices): SourceReading {
  const lines = head.replaceAll(/\r\n?/g, '\n');
  const delimiter = choices.delimiter ?? guessDelimiter(lines, format);
  const quoting = choices.quoting ?? guessQuoting(lines, delimiter, format);
  const headings = choices.headings ?? guessHeadings(lines, delimiter, quoting);
  return {
    format,
    rules: 2,
    delimiter,
    ...(quoting === 'none' ? { quoting } : {}),
    ...(headings ? {} : { headings }),
    ...(hasCarriageReturnRows(head) ? { rowEnds: 'carriageReturn' } : {}),
  };
}

function chooseList(
  name: string,
  lists: readonly JsonList[],
  chosen: string | undefined,
): JsonList | undefined {
  const records = lists.filter(({ of }) => of !== 'others');
  const named = records.map(({ path }) => path.join('.')).join(', ');
  if (chosen !== undefined && lists.length > 0) {
    const found = lists.find(({ path }) => path.join('.') === chosen);
    if (found === undefined)
      throw new LoamError({
        kind: 'input',
        where: name,
        what: `The object has no list "${chosen}".`,
        remedy: named === '' ? 'It has no list of records.' : `Its lists are: ${named}.`,
      });
    return found;
  }
  const found = listOfRecords(lists);
  if (found === 'several')
    throw new LoamError({
      kind: 'input',
      where: name,
      what: `The object holds several lists of records (${named}), and one of them is to be read.`,
      remedy: 'Choose the list that holds the records.',
      action: { do: 'chooseReading', choice: 'records' },
    });
  return found;
}

function unwrapped(name: string, { path, elements }: JsonList, lists: readonly JsonList[]): BadRecord {
  const others = lists
    .filter((list) => list.path !== path && list.elements > 0)
    .map((list) => list.path.join('.'));
  const rest = others.length === 0 ? '' : `, also ${others.slice(0, 5).join(', ')}`;
  return {
    where: name,
    what: `Its records are the ${elements} ${elements === 1 ? 'element' : 'elements'} of its list "${path.join('.')}"; what stands beside the list is not read${rest}.`,
    remedy: 'If that is the wrong list, choose another one as the list of records.',
  };
}
