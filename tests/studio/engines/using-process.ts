import { usePack } from '../../../src/main/studio/engines/pack-use.ts';

/** A process that computes with the pack in a folder until it is ended. */
usePack(process.argv[2] ?? '');
setInterval(() => undefined, 1000);
process.send?.('computing');
