import { flipFiles } from './flips.ts';
import { hostileFiles } from './hostile-files.ts';
import { ioErrors } from './io-errors.ts';
import { kills } from './kills.ts';
import { lostWrites } from './lost-writes.ts';
import { sockets } from './sockets.ts';
import type { FaultKind } from './figures.ts';

/** A kind of fault with how much of it a run of the suite does. */
export interface DeclaredKind {
  readonly name: string;
  /** What the scale counts. */
  readonly unit: string;
  readonly run: FaultKind;
  /** For `npm test`, where all kinds together take less than a minute; 0 for none. */
  readonly short: number;
  /** For `npm run test:faults`. */
  readonly long: number;
}

/** Every kind of fault that the program is tried under. */
export const faultKinds: readonly DeclaredKind[] = [
  // A few are a test of their own in `npm test`.
  { name: 'kills', unit: 'SIGKILLs of a training process', run: kills, short: 0, long: 50 },
  { name: 'lost-writes', unit: 'power cuts of each kind', run: lostWrites, short: 2, long: 300 },
  { name: 'io-errors', unit: 'failures of each kind', run: ioErrors, short: 1, long: 60 },
  {
    name: 'hostile-files',
    unit: 'mutations for each parser',
    run: hostileFiles,
    short: 40,
    long: 10_000,
  },
  { name: 'sockets', unit: 'connections of each kind', run: sockets, short: 20, long: 200 },
  { name: 'flips', unit: 'flipped bits in each kind of file', run: flipFiles, short: 6, long: 300 },
];
