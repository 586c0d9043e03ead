// The editor's worker that knows JSON and its schemas: a module that the build bundles with the pages.
import 'monaco-editor/languages/features/json/json.worker.js';
