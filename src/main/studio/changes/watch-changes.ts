import { setTimeout as wait } from 'node:timers/promises';
import { changingNouns, type Change } from '../../../shared/changes/contract.ts';
import type { Project } from '../projects/projects.ts';
import { readChangeCounts, readRunSequences } from '../store/changes.ts';

/** How often the store is asked whether anybody wrote, in milliseconds; the question costs some microseconds. */
const lookInterval = 200;

/**
 * Tells what changed in a project, whichever process changed it. A reader that is slow gets fewer messages, not a longer
 * queue: what is told is worked out when the reader asks for the next.
 */
export async function* watchChanges(project: Project, signal?: AbortSignal): AsyncGenerator<Change> {
  const { store } = project;
  let mark = store.changeMark();
  let counts = readChangeCounts(store);
  let sequences = readRunSequences(store);
  yield {
    nouns: [...changingNouns],
    runs: [...sequences].map(([name, upTo]) => ({ name, upTo })),
  };
  for (;;) {
    await wait(lookInterval, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    if (signal?.aborted === true) return;
    const newMark = store.changeMark();
    if (newMark === mark) continue;
    mark = newMark;
    const newCounts = readChangeCounts(store);
    const newSequences = readRunSequences(store);
    const nouns = changingNouns.filter((noun) => newCounts.get(noun) !== counts.get(noun));
    const runs = [...newSequences]
      .filter(([name, upTo]) => sequences.get(name) !== upTo)
      .map(([name, upTo]) => ({ name, upTo }));
    counts = newCounts;
    sequences = newSequences;
    if (nouns.length > 0 || runs.length > 0) yield { nouns, runs };
  }
}
