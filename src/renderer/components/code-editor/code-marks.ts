import { editor, MarkerSeverity } from 'monaco-editor/editor.js';

/** Something to say about a stretch of a text, beyond what its schema says. */
export interface CodeMark {
  /** In characters from the text's beginning; the end is after the last one. */
  readonly start: number;
  readonly end: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** Underlines stretches of a text; hovering tells why. */
export function showMarks(model: editor.ITextModel, marks: readonly CodeMark[]): void {
  editor.setModelMarkers(
    model,
    'loam',
    marks.map(({ start, end, severity, message }) => {
      const [from, to] = [model.getPositionAt(start), model.getPositionAt(end)];
      return {
        message,
        severity: severity === 'error' ? MarkerSeverity.Error : MarkerSeverity.Warning,
        startLineNumber: from.lineNumber,
        startColumn: from.column,
        endLineNumber: to.lineNumber,
        endColumn: to.column,
      };
    }),
  );
}
