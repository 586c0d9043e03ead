import { stat } from 'node:fs/promises';
import { basename, extname, resolve, sep } from 'node:path';
import {
  composeText,
  givesText,
  guessColumnMapping,
  roleOf,
  type Fields,
} from '../../../shared/datasets/columns.ts';
import type { SourceReading } from '../../../shared/datasets/dataset.ts';
import { conversationOf } from '../../../shared/datasets/record-forms.ts';
import type {
  ImportOrigin,
  ImportProblem,
  InspectedFile,
  Inspection,
} from '../../../shared/datasets/import.ts';
import { freeName, nameFrom } from '../../../shared/names.ts';
import { createDocumentCutter } from '../../llm/data/document-cutter.ts';
import { inspectTextHead, type TextHead } from '../../llm/data/file-inspection.ts';
import type { BadRecord } from '../../llm/data/record.ts';
import { recordsOfText } from '../../llm/data/source-records.ts';
import { mapConcurrently } from '../durable-files.ts';
import type { Project } from '../projects/projects.ts';
import { listDatasetRows } from '../store/datasets.ts';
import { explainSystemError } from '../system-errors.ts';
import { suspicionOf } from './documents/measures.ts';
import { sentFile } from './import-dataset.ts';
import { readingOf, type ReadingChoices } from './file-reading.ts';
import { createRecordSurvey, type RecordSurvey } from './record-survey.ts';
import { findSourceFiles, withDistinctNames, type LeftOutFile, type SourceFile } from './source-files.ts';

/** How much of each file is looked at, in bytes. */
const headBytes = 4 * 2 ** 20;
const filesShown = 200;
const rowsShown = 20;
const problemsShown = 10;
/** UTF-16 units of a value. */
const valueShown = 300;
const conversationShown = 20_000;
const filesAtOnce = 4;

/** Looks at files before they are imported: at most the beginning of each, so that a large one takes no longer. */
export async function inspectFiles(
  project: Project,
  { paths, uploads, headings, delimiter, quoting, encoding, list }: Omit<ImportOrigin, 'sample'>,
): Promise<Inspection> {
  const problems: ImportProblem[] = [];
  const found: SourceFile[] = [];
  const add = async (find: () => Promise<readonly SourceFile[]>): Promise<void> => {
    try {
      found.push(...(await find()));
    } catch (error) {
      problems.push(refusal(error));
    }
  };
  const leaveOut = ({ name, reason }: LeftOutFile): void => {
    problems.push({
      severity: 'note',
      account: { kind: 'input', where: name, what: `${name} is left out: ${reason}`, remedy: '' },
    });
  };
  for (const path of paths) await add(() => findSourceFiles([path], leaveOut));
  for (const id of uploads) await add(async () => [await sentFile(project, id)]);
  const files = withDistinctNames(found);
  const sizes = await mapConcurrently(files, filesAtOnce, async ({ path }) => sizeOf(path));
  const looked = await mapConcurrently(files.slice(0, filesShown), filesAtOnce, (file) =>
    inspectFile(file, { headings, delimiter, quoting, encoding, list }),
  );
  const columns = [...new Set(looked.flatMap(({ file }) => file.columns.map(({ name }) => name)))];
  const samples = new Map(
    columns.map((name) => [
      name,
      looked.flatMap((each) => each.samples.map((fields) => fields.get(name) ?? '')),
    ]),
  );
  const mapping = guessColumnMapping(columns, samples);
  const [first] = looked.flatMap((each) => each.samples);
  return {
    files: looked.map(({ file, survey }) => ({
      ...file,
      columns: file.columns.map(({ name }) => ({ name, role: roleOf(mapping, name) })),
      problems: [...file.problems, ...survey.notes(file.name, mapping).map(noteOf)],
    })),
    totalFiles: files.length,
    totalBytes: sizes.reduce((sum, size) => sum + size, 0),
    columns: columns.map((name) => ({ name, role: roleOf(mapping, name) })),
    ...(first !== undefined && givesText(mapping)
      ? { exampleText: composeText(first, mapping).slice(0, 2000) }
      : {}),
    suggestedName: suggestName(project, paths, firstTaken(files, looked)),
    problems,
  };
}

interface LookedAt {
  readonly file: InspectedFile;
  /** The first records, where it has any. */
  readonly samples: readonly Fields[];
  readonly survey: RecordSurvey;
}

async function inspectFile({ path, name, inFolder }: SourceFile, choices: ReadingChoices): Promise<LookedAt> {
  let bytes = 0;
  try {
    bytes = (await stat(path)).size;
    const head = await inspectTextHead(path, name, headBytes, choices.encoding);
    const looked = await lookAtRecords(name, head, choices);
    const { reading, columns, rows, problems, samples, survey, ...form } = looked;
    return {
      file: {
        name,
        bytes,
        format: reading.format,
        encoding: head.encoding,
        ...(reading.delimiter === undefined ? {} : { delimiter: reading.delimiter }),
        ...(reading.list === undefined ? {} : { list: reading.list }),
        ...form,
        columns: columns.map((column) => ({ name: column, role: 'ignored' })),
        rows: rows.map((row) => [...row]),
        whole: head.whole,
        problems: [...problems, ...notesOn(name, head, choices)],
      },
      samples,
      survey,
    };
  } catch (error) {
    const problem = refusal(error);
    const left = 'It is left out when the rest of its folder is imported.';
    return {
      file: {
        name,
        bytes,
        columns: [],
        rows: [],
        whole: true,
        problems: [
          inFolder
            ? { ...problem, account: { ...problem.account, remedy: `${problem.account.remedy} ${left}` } }
            : problem,
        ],
      },
      samples: [],
      survey: createRecordSurvey(),
    };
  }
}

interface Looked extends Pick<InspectedFile, 'headings' | 'quoting' | 'lists'> {
  readonly reading: SourceReading;
  readonly survey: RecordSurvey;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly samples: readonly Fields[];
  readonly problems: readonly ImportProblem[];
}

function lookAtText({ text }: TextHead): Looked {
  const cutter = createDocumentCutter({ separators: ['\f', '<|endoftext|>'], pieceLength: 2 ** 18 });
  const pieces = [...cutter.push(text.replaceAll(/\r\n?/g, '\n')), ...cutter.finish()];
  return {
    reading: { format: 'text' },
    survey: createRecordSurvey(),
    columns: [],
    rows: pieces.slice(0, rowsShown).map((piece) => [piece.text.slice(0, valueShown)]),
    samples: [],
    problems: [],
  };
}

async function lookAtRecords(name: string, head: TextHead, choices: ReadingChoices): Promise<Looked> {
  const pieces = async function* (): AsyncGenerator<string> {
    yield head.text;
  };
  const { reading, notes, lists } = await readingOf(name, head.text, pieces, choices);
  if (reading.format === 'text') return lookAtText(head);
  const { whole } = head;
  const survey = createRecordSurvey();
  const bad: BadRecord[] = [];
  const suspects: BadRecord[] = [];
  const samples: Fields[] = [];
  const texts: string[] = [];
  const reports = {
    onBad: (each: BadRecord): void => void bad.push(each),
    onSuspect: (each: BadRecord): void => void suspects.push(each),
  };
  for await (const batch of recordsOfText(pieces(), { name, reading }, reports, !whole))
    for (const record of batch) {
      survey.add(record);
      const { content } = record;
      if (typeof content === 'string') {
        if (texts.length < rowsShown) texts.push(content);
      } else if (samples.length < 200) samples.push(content);
    }
  const columns = survey.columns();
  const isTable = reading.format === 'csv' || reading.format === 'tsv';
  const candidates = lists.filter(({ of }) => of !== 'others').map(({ path }) => [...path]);
  return {
    reading,
    ...(isTable ? { headings: reading.headings ?? true, quoting: reading.quoting ?? 'quotes' } : {}),
    ...(candidates.length === 0 ? {} : { lists: candidates }),
    survey,
    columns,
    rows:
      columns.length > 0
        ? samples
            .slice(0, rowsShown)
            .map((fields) => columns.map((column) => shown(fields.get(column) ?? '')))
        : texts.map((each) => [shown(each)]),
    samples,
    problems: [
      ...recordProblems(name, bad, survey.records, whole),
      ...[...notes, ...suspects.slice(0, problemsShown)].map(noteOf),
    ],
  };
}

/** A value as it is shown: cut, unless it is a conversation, whose parts are seen only when it is whole. */
function shown(value: string): string {
  return value.length <= conversationShown && conversationOf(value) !== undefined
    ? value
    : value.slice(0, valueShown);
}

function noteOf({ where, what, remedy }: BadRecord): ImportProblem {
  return { severity: 'note', account: { kind: 'input', where, what, remedy } };
}

function recordProblems(
  name: string,
  bad: readonly BadRecord[],
  records: number,
  whole: boolean,
): readonly ImportProblem[] {
  if (records === 0 && whole && bad.length === 0)
    return [
      {
        severity: 'refused',
        account: {
          kind: 'input',
          where: name,
          what: 'The file has no rows, only headings or nothing at all.',
          remedy:
            'Export it again with its rows; if it has no headings, give it a first line that names the columns.',
        },
      },
    ];
  return bad.slice(0, problemsShown).map(({ where, what, remedy }) => ({
    severity: records === 0 ? 'refused' : 'partly',
    account: { kind: 'input', where, what, remedy },
  }));
}

function notesOn(
  name: string,
  { encoding, text }: TextHead,
  { encoding: chosen }: ReadingChoices,
): readonly ImportProblem[] {
  const notes: ImportProblem[] = [];
  const note = (what: string, remedy: string): void => {
    notes.push({ severity: 'note', account: { kind: 'input', where: name, what, remedy } });
  };
  if (encoding !== 'utf-8' && chosen === undefined)
    note(
      `The file is not in UTF-8; it is read as ${encoding}, which its bytes look like.`,
      'Look whether the letters beyond a to z are right. If not, choose another encoding.',
    );
  const suspicion = suspicionOf(text);
  if (suspicion !== undefined)
    note(
      suspicion,
      'The file was probably damaged before. Find a better copy, or leave such documents out afterwards.',
    );
  return notes;
}

/** A file that vanished meanwhile is told of when it is looked at. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function refusal(error: unknown): ImportProblem {
  const explained = explainSystemError(error);
  if (explained === undefined) throw error;
  const { kind, what, where, remedy } = explained;
  return {
    severity: 'refused',
    account: { kind, what, remedy, ...(where === undefined ? {} : { where }) },
  };
}

function isWithin(path: string, file: SourceFile): boolean {
  const from = resolve(path);
  return file.path === from || file.path.startsWith(`${from}${sep}`);
}

/** The first file that can be imported: one that is left out gives its name to nothing. */
function firstTaken(files: readonly SourceFile[], looked: readonly LookedAt[]): SourceFile | undefined {
  const first = looked.findIndex(({ file }) => file.problems.every(({ severity }) => severity !== 'refused'));
  return files[Math.max(0, first)];
}

/** A name that is free, made from that of a file or its folder. */
function suggestName(project: Project, paths: readonly string[], file: SourceFile | undefined): string {
  const path = paths.find((each) => file !== undefined && isWithin(each, file)) ?? paths[0];
  const given = file?.inFolder === true && path !== undefined ? path : (file?.name ?? path ?? 'texts');
  const [outermost = given] = given
    .split('/')
    .filter((part) => part !== '')
    .slice(path === undefined ? 0 : -1);
  const taken = new Set(listDatasetRows(project.store).map(({ name }) => name));
  const base = nameFrom(basename(outermost, extname(outermost)).toLowerCase(), 'texts');
  return freeName(base, taken);
}
