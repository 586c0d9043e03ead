import manifest from '../../../package.json' with { type: 'json' };

/** This Loam's version. */
export const loamVersion: string = manifest.version;
