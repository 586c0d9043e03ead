import { roleOf, type ColumnMapping, type ColumnRole, type Fields } from './columns.ts';
import { conversationOf, type Message } from './record-forms.ts';

/**
 * The conversation that a record is: that of its conversation column, or its instruction, with its input as a paragraph of its
 * own, answered by its output.
 * @returns undefined where the record asks nothing, answers nothing, or has a conversation that cannot be read
 */
export function conversationOfRecord(fields: Fields, mapping: ColumnMapping): readonly Message[] | undefined {
  const of = (wanted: ColumnRole): readonly string[] =>
    Object.keys(mapping)
      .filter((name) => roleOf(mapping, name) === wanted)
      .map((name) => fields.get(name) ?? '')
      .filter((value) => value.trim() !== '');
  const [conversation] = of('conversation');
  if (conversation !== undefined) return conversationOf(conversation);
  const asked = [...of('instruction'), ...of('input')].join('\n\n');
  const answered = of('output').join('\n\n');
  if (asked === '' || answered === '') return undefined;
  return [
    { role: 'user', content: asked },
    { role: 'assistant', content: answered },
  ];
}
