import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { workerModules } from './src/main/studio/processes/worker-modules.ts';

/** Packages with compiled parts: they stay files of their own, which a packaged application unpacks. */
const nativePackages = ['better-sqlite3', 'koffi', 'onnxruntime-node'];

const workerEntries = Object.fromEntries(
  Object.entries(workerModules).map(([kind, module]) => [`${kind}-worker`, `src/main/${module}`]),
);

/** Modules that begin a thread: each has an address of its own. */
const threadEntries = { 'template-thread': 'src/main/llm/conversations/template-thread.ts' };

/** How the desktop application's bundles are built: main process and its workers, preload bridge, renderer. */
export default defineConfig({
  main: {
    build: {
      rollupOptions: {
        input: { index: 'src/main/hosts/electron/main.ts', ...workerEntries, ...threadEntries },
        external: nativePackages,
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
