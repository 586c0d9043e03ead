// The editor's worker for differences, words and links: a module that the build bundles with the pages.
import 'monaco-editor/editor/editor.worker.js';
