import { useEffect, useEffectEvent, useRef, type JSX } from 'react';
import { commonOptions, editor, openText } from './monaco.ts';
import { showValue } from './show-value.ts';

export interface CodeDifferenceProps {
  /** What is compared, read aloud. */
  readonly label: string;
  /** The other text, at the left; it cannot be changed. */
  readonly original: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly schema?: object | undefined;
}

/** A JSON file to edit beside another one, the differences marked. */
export default function CodeDifference({
  label,
  original,
  value,
  onChange,
  schema,
}: CodeDifferenceProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const shown = useRef<editor.IStandaloneDiffEditor>(null);
  const open = useEffectEvent(() => ({
    left: openText(original, undefined),
    right: openText(value, schema),
  }));
  const name = useEffectEvent(() => label);
  const tell = useEffectEvent((next: string) => onChange(next));
  useEffect(() => {
    if (box.current === null) return undefined;
    const { left, right } = open();
    const created = editor.createDiffEditor(box.current, {
      ...commonOptions,
      originalEditable: false,
      renderOverviewRuler: false,
      renderSideBySide: true,
      useInlineViewWhenSpaceIsLimited: true,
      renderSideBySideInlineBreakpoint: 700,
      originalAriaLabel: name(),
      modifiedAriaLabel: name(),
    });
    created.setModel({ original: left.model, modified: right.model });
    const listening = right.model.onDidChangeContent(() => tell(right.model.getValue()));
    shown.current = created;
    return () => {
      listening.dispose();
      created.dispose();
      left.dispose();
      right.dispose();
      shown.current = null;
    };
  }, []);
  useEffect(() => {
    if (shown.current !== null) showValue(shown.current.getModifiedEditor(), value);
  }, [value]);
  useEffect(() => {
    const model = shown.current?.getModel()?.original;
    if (model !== undefined && model.getValue() !== original) model.setValue(original);
  }, [original]);
  return <div ref={box} className="h-full" />;
}
