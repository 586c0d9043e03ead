// All of them: the JSON language brings them in later otherwise, when the editor's services are settled already.
import 'monaco-editor/features/register.all.js';
import { editor, Uri } from 'monaco-editor/editor.js';
import { jsonDefaults } from 'monaco-editor/languages/features/json/register.js';
import { defineThemes, followTheme } from './editor-theme.ts';

/** The editor's own workers, bundled with the pages: nothing is fetched from elsewhere. */
self.MonacoEnvironment = {
  getWorker: (_, label) =>
    label === 'json'
      ? new Worker(new URL('./json-worker.ts', import.meta.url), { type: 'module' })
      : new Worker(new URL('./editor-worker.ts', import.meta.url), { type: 'module' }),
};

defineThemes();
followTheme();

/** Schemas of the files that are open, by the file they are for. */
const schemas = new Map<string, object>();

function tellSchemas(): void {
  jsonDefaults.setDiagnosticsOptions({
    validate: true,
    allowComments: true,
    trailingCommas: 'ignore',
    enableSchemaRequest: false,
    schemaValidation: 'error',
    schemas: [...schemas].map(([file, schema]) => ({
      uri: `${file}.schema.json`,
      fileMatch: [file],
      schema,
    })),
  });
}

let files = 0;

/** A text in the editor, with the schema it is checked by; dispose of it when it is not shown any more. */
export function openText(
  value: string,
  schema: object | undefined,
): { readonly model: editor.ITextModel; readonly dispose: () => void } {
  const uri = Uri.parse(`loam://settings/${++files}.json`);
  if (schema !== undefined) {
    schemas.set(uri.toString(), schema);
    tellSchemas();
  }
  const model = editor.createModel(value, 'json', uri);
  return {
    model,
    dispose: () => {
      model.dispose();
      schemas.delete(uri.toString());
      tellSchemas();
    },
  };
}

/** Options that all editors of the window share. */
export const commonOptions = {
  automaticLayout: true,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  fontSize: 13,
  lineHeight: 20,
  tabSize: 2,
  wordWrap: 'on',
  renderLineHighlight: 'line',
  overviewRulerLanes: 2,
  fixedOverflowWidgets: true,
  padding: { top: 10, bottom: 10 },
  scrollbar: { useShadows: false, verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
  quickSuggestions: { strings: true, other: true, comments: false },
  // Tab leaves the editor, as it leaves any other field; Ctrl+M changes that.
  tabFocusMode: true,
} as const satisfies editor.IEditorOptions & editor.IGlobalEditorOptions;

export { editor };
