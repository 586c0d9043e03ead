import { useEffect, useEffectEvent, useRef, type JSX } from 'react';
import { showMarks, type CodeMark } from './code-marks.ts';
import { commonOptions, editor, openText } from './monaco.ts';
import { showValue } from './show-value.ts';

export interface CodeEditorProps {
  /** What is edited, read aloud. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** The JSON Schema that completes, explains and checks. */
  readonly schema?: object | undefined;
  /** What else is to be said about the text. */
  readonly marks?: readonly CodeMark[];
}

const noMarks: readonly CodeMark[] = [];

/** A JSON file to edit, comments allowed. It fills the box that it stands in. */
export default function CodeEditor({
  label,
  value,
  onChange,
  schema,
  marks = noMarks,
}: CodeEditorProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const shown = useRef<editor.IStandaloneCodeEditor>(null);
  const open = useEffectEvent(() => openText(value, schema));
  const name = useEffectEvent(() => label);
  const tell = useEffectEvent((next: string) => onChange(next));
  useEffect(() => {
    if (box.current === null) return undefined;
    const text = open();
    const created = editor.create(box.current, { ...commonOptions, model: text.model, ariaLabel: name() });
    const listening = text.model.onDidChangeContent(() => tell(text.model.getValue()));
    shown.current = created;
    return () => {
      listening.dispose();
      created.dispose();
      text.dispose();
      shown.current = null;
    };
  }, []);
  useEffect(() => {
    if (shown.current !== null) showValue(shown.current, value);
  }, [value]);
  useEffect(() => {
    const model = shown.current?.getModel();
    if (model !== null && model !== undefined) showMarks(model, marks);
  }, [marks]);
  return <div ref={box} className="h-full" />;
}
