import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** How the desktop application's three bundles are built: main process, preload bridge and renderer. */
export default defineConfig({
  main: {
    build: {
      rollupOptions: {
        input: { index: 'src/main/hosts/electron/main.ts' },
        external: ['better-sqlite3', 'koffi', 'onnxruntime-node'],
      },
    },
  },
  preload: {
    build: {
      rollupOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react(), tailwind()],
    build: {
      minify: true,
      // Electron's Chromium is newer than what a person's browser may be; the same files serve both.
      target: 'es2023',
      cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
      rollupOptions: { input: { index: 'src/renderer/index.html' } },
    },
  },
});
