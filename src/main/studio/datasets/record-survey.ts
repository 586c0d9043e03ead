import { roleOf, type ColumnMapping } from '../../../shared/datasets/columns.ts';
import { conversationOf, isJsonStructure } from '../../../shared/datasets/record-forms.ts';
import type { BadRecord, SourceRecord } from '../../llm/data/record.ts';

const samplesKept = 200;
/** UTF-16 units of a sample; a conversation is recognised when it is whole. */
const sampleLength = 20_000;
/** Names beyond these are not offered as columns: objects whose keys are data have no end of them. */
export const mostColumns = 1000;
/** How much of a value is shown as an example. */
const exampleLength = 120;

/** Values of a column that are JSON. */
interface Structures {
  /** Values that hold something. */
  values: number;
  /** Those that are the JSON of a list or object, but no conversation. */
  structures: number;
  firstStructure: { readonly place: number; readonly value: string } | undefined;
  /** Those that are no conversation. */
  others: number;
  firstOther: { readonly place: number; readonly value: string } | undefined;
}

/** What the records of a file hold, gathered as they come by. */
export interface RecordSurvey {
  add(record: SourceRecord): void;
  readonly records: number;
  /** Names of columns, in the order in which they came. */
  columns(): readonly string[];
  /** Some values of each column. */
  samples(): ReadonlyMap<string, readonly string[]>;
  /** What should be known where columns are given these roles: that a model would learn JSON. */
  notes(name: string, mapping: ColumnMapping): readonly BadRecord[];
}

export function createRecordSurvey(): RecordSurvey {
  const samples = new Map<string, string[]>();
  const structures = new Map<string, Structures>();
  let records = 0;
  let beyond = 0;

  const look = (column: string, value: string, place: number): void => {
    let seen = structures.get(column);
    if (seen === undefined)
      structures.set(
        column,
        (seen = { values: 0, structures: 0, firstStructure: undefined, others: 0, firstOther: undefined }),
      );
    if (value === '') return;
    seen.values += 1;
    const structured = isJsonStructure(value);
    if (structured && conversationOf(value) !== undefined) return;
    seen.others += 1;
    seen.firstOther ??= { place, value: value.slice(0, exampleLength) };
    if (!structured) return;
    seen.structures += 1;
    seen.firstStructure ??= { place, value: value.slice(0, exampleLength) };
  };

  return {
    get records() {
      return records;
    },
    add: ({ place, content }) => {
      records += 1;
      if (typeof content === 'string') return;
      for (const [column, value] of content) {
        let kept = samples.get(column);
        if (kept === undefined) {
          if (samples.size >= mostColumns) {
            beyond += 1;
            continue;
          }
          samples.set(column, (kept = []));
        }
        if (kept.length < samplesKept) kept.push(value.slice(0, sampleLength));
        look(column, value, place);
      }
    },
    columns: () => [...samples.keys()],
    samples: () => samples,
    notes: (name, mapping) => {
      const notes: BadRecord[] = [];
      for (const [column, seen] of structures) {
        const role = roleOf(mapping, column);
        if (role === 'ignored' || role === 'label') continue;
        const [count, first] =
          role === 'conversation' ? [seen.others, seen.firstOther] : [seen.structures, seen.firstStructure];
        if (first === undefined) continue;
        notes.push({
          where: `${name}, column ${JSON.stringify(column)}`,
          what: `${count} of ${seen.values} values ${role === 'conversation' ? 'are no conversation and become text as they stand' : 'are lists or objects and become text as JSON, with brackets, keys and quotes, which a model learns to write'}; the first is in record ${first.place}: ${first.value}`,
          remedy:
            'Give another column the role of the text, or take what is meant out of these values first.',
        });
      }
      if (beyond > 0)
        notes.push({
          where: name,
          what: `Its records have more than ${mostColumns} different fields; those beyond are not offered as columns.`,
          remedy: 'If the names of the fields are data themselves, turn them into values first.',
        });
      return notes;
    },
  };
}
