import type { World } from '../world.ts';

/** A procedure called as a page would call it, and what is to come of it. */
export interface Case {
  readonly procedure: string;
  readonly call: (world: World) => Promise<void>;
}
