import config from '../../../electron.vite.config.ts';

/** The pages alone, built as the application builds them. */
export default { renderer: 'renderer' in config ? config.renderer : undefined };
