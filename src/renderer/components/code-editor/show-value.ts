import type { editor } from 'monaco-editor/editor.js';

/**
 * Shows a text that was changed elsewhere (a form, a correction), as one edit that the editor's own undo takes back. The
 * editor's own text coming back changes nothing.
 */
export function showValue(shown: editor.ICodeEditor, value: string): void {
  const model = shown.getModel();
  if (model === null || model.getValue() === value) return;
  shown.pushUndoStop();
  shown.executeEdits('settings', [{ range: model.getFullModelRange(), text: value }]);
  shown.pushUndoStop();
}
