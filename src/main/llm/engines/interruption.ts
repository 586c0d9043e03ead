import { LoamError } from '../../../shared/errors.ts';

/** What a run throws that was told to end. */
export function interrupted(graph: string, cause?: unknown): LoamError {
  return new LoamError(
    {
      kind: 'interrupted',
      what: 'The computation was stopped.',
      where: graph,
      remedy: 'Start it again when you want to go on.',
    },
    { cause },
  );
}
