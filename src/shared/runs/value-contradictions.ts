import type { z } from 'zod';
import { nearestWord } from '../nearest-word.ts';
import { configurationKeys } from './configuration-keys.ts';
import { declarationIn } from './configuration-schema.ts';
import { settingAt, type Contradiction, type Correction } from './contradiction.ts';

/** Values that no setting can have, and settings that there are not. */
export function valueContradictions(
  issue: z.core.$ZodIssue,
  configuration: unknown,
): readonly Contradiction[] {
  const path = issue.path.join('.');
  const settings = configurationKeys(declarationIn(configuration));
  const contradiction = (
    at: string,
    what: string,
    remedy: string,
    corrections: Correction[],
  ): Contradiction => ({
    rule: 'value',
    severity: 'refused',
    path: at,
    what,
    remedy,
    corrections,
  });
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const unknown = [...issue.path, key].join('.');
      const paths = settings.map((each) => each.path);
      const sameName = paths.find((each) => each.split('.').at(-1) === key);
      const meant = sameName ?? nearestWord(unknown, paths);
      const value = settingAt(configuration, unknown);
      const movable = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return contradiction(
        unknown,
        `There is no setting '${unknown}'.`,
        meant === undefined ? 'Take it out.' : `Did you mean ${meant}?`,
        [
          ...(meant === undefined || !movable
            ? []
            : [{ label: `Rename to ${meant}`, changes: [{ path: unknown }, { path: meant, value }] }]),
          { label: 'Take it out', changes: [{ path: unknown }] },
        ],
      );
    });
  const description = settings.find((key) => key.path === path)?.description ?? '';
  const bound =
    (issue.code === 'too_small' && issue.inclusive === true
      ? issue.minimum
      : issue.code === 'too_big' && issue.inclusive === true
        ? issue.maximum
        : undefined) ?? undefined;
  return [
    contradiction(
      path === '' ? 'configuration' : path,
      issue.message,
      description === '' ? 'Give a value that fits.' : description,
      path === ''
        ? []
        : [
            ...(bound === undefined
              ? []
              : [{ label: `Use ${bound}`, changes: [{ path, value: Number(bound) }] }]),
            { label: 'Use the default', changes: [{ path }] },
          ],
    ),
  ];
}
