import { editor } from 'monaco-editor/editor.js';

const names = { light: 'loam-light', dark: 'loam-dark' } as const;

/** The editor's colours: the window's own, as far as the editor takes them. */
export function defineThemes(): void {
  editor.defineTheme(names.light, {
    base: 'vs',
    inherit: true,
    rules: [
      { token: 'string.key.json', foreground: '1f5f63' },
      { token: 'string.value.json', foreground: '8a3b12' },
      { token: 'number.json', foreground: '5b2c9b' },
      { token: 'keyword.json', foreground: '1d4ea3' },
      { token: 'comment.line.json', foreground: '6a685f', fontStyle: 'italic' },
      { token: 'comment.block.json', foreground: '6a685f', fontStyle: 'italic' },
    ],
    colors: {
      'editor.background': '#ffffff',
      'editor.foreground': '#262319',
      'editorLineNumber.foreground': '#77756c',
      'editorLineNumber.activeForeground': '#262319',
      'editor.lineHighlightBackground': '#f6f5f1',
      'editor.lineHighlightBorder': '#00000000',
      'editorWidget.background': '#ffffff',
      'editorHoverWidget.background': '#ffffff',
      'editorSuggestWidget.background': '#ffffff',
      focusBorder: '#1d7175',
    },
  });
  editor.defineTheme(names.dark, {
    base: 'vs-dark',
    inherit: true,
    rules: [
      { token: 'string.key.json', foreground: '7fd0cf' },
      { token: 'string.value.json', foreground: 'e6a987' },
      { token: 'number.json', foreground: 'c9aef5' },
      { token: 'keyword.json', foreground: '8fb7f5' },
      { token: 'comment.line.json', foreground: 'a3a196', fontStyle: 'italic' },
      { token: 'comment.block.json', foreground: 'a3a196', fontStyle: 'italic' },
    ],
    colors: {
      'editor.background': '#1d1c18',
      'editor.foreground': '#eeece5',
      'editorLineNumber.foreground': '#8d8b81',
      'editorLineNumber.activeForeground': '#eeece5',
      'editor.lineHighlightBackground': '#26251f',
      'editor.lineHighlightBorder': '#00000000',
      'editorWidget.background': '#26251f',
      'editorHoverWidget.background': '#26251f',
      'editorSuggestWidget.background': '#26251f',
      focusBorder: '#58c2bd',
    },
  });
}

const system = matchMedia('(prefers-color-scheme: dark)');

/** Whether the window is dark now: as it was chosen, or else as the system is. */
function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen === undefined ? system.matches : chosen === 'dark';
}

/** Keeps the editor as light or dark as the window. */
export function followTheme(): void {
  const apply = (): void => editor.setTheme(isDark() ? names.dark : names.light);
  apply();
  system.addEventListener('change', apply);
  new MutationObserver(apply).observe(document.documentElement, { attributeFilter: ['data-theme'] });
}
