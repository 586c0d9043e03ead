import config from '../../../electron.vite.config.ts';

/** The main process, its workers and the preload bridge, built as the application builds them. */
export default 'main' in config ? { main: config.main, preload: config.preload } : {};
