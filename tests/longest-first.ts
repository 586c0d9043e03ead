import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Where test files lie that take long, the longest first: those that train, or start browsers, processes and engines. One
 * trains the project that most of those in a browser wait for; a few that need none run meanwhile.
 */
const long = [
  'browser/whole-path',
  'browser/screens/write',
  'browser/screens/activity',
  'browser/screens/start',
  'browser/reconnecting',
  'browser/',
  'hosts/electron/work',
  'hosts/contract/',
  'hosts/cli/',
  'llm/engines/tensorflow/',
  'llm/engines/parity/',
  'registered/',
  'faults/',
  'studio/api/',
  'studio/training/',
  'llm/training/',
  'studio/',
];

function placeOf({ moduleId }: TestSpecification): number {
  const place = long.findIndex((folder) => moduleId.includes(`/tests/${folder}`));
  return place === -1 ? long.length : place;
}

/**
 * Runs what takes long first, so that none of it is left for the end, when there is nothing to run beside it. Vitest goes by
 * the durations of an earlier run, which a fresh clone has not had, or else by the size of files.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
