import config from '../../../electron.vite.config.ts';

const renderer = 'renderer' in config ? await Promise.resolve(config.renderer) : undefined;

/** A page of the components alone, built as the application's pages are. */
export default {
  renderer: {
    ...renderer,
    root: 'tests/browser/kit',
    build: { ...renderer?.build, rollupOptions: { input: { index: 'tests/browser/kit/index.html' } } },
  },
};
