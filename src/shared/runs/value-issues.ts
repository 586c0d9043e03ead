import type { z } from 'zod';
import { nearestWord } from '../nearest-word.ts';
import { configurationKeys } from './configuration-keys.ts';
import { declarationIn } from './configuration-schema.ts';
import { settingAt, type ConfigurationIssue, type Correction } from './configuration-issue.ts';

/** Values that no setting can have, and settings that there are not. */
export function valueIssues(
  zodIssue: z.core.$ZodIssue,
  configuration: unknown,
): readonly ConfigurationIssue[] {
  const path = zodIssue.path.join('.');
  const settings = configurationKeys(declarationIn(configuration));
  const issueAt = (
    at: string,
    what: string,
    remedy: string,
    corrections: Correction[],
  ): ConfigurationIssue => ({
    rule: 'value',
    severity: 'error',
    path: at,
    what,
    remedy,
    corrections,
  });
  if (zodIssue.code === 'unrecognized_keys')
    return zodIssue.keys.map((key) => {
      const unknown = [...zodIssue.path, key].join('.');
      const paths = settings.map((each) => each.path);
      const sameName = paths.find((each) => each.split('.').at(-1) === key);
      const meant = sameName ?? nearestWord(unknown, paths);
      const value = settingAt(configuration, unknown);
      const movable = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return issueAt(
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
  const taken = zodIssue.code === 'custom';
  const description = settings.find((key) => key.path === path)?.description ?? '';
  const bound =
    (zodIssue.code === 'too_small' && zodIssue.inclusive === true
      ? zodIssue.minimum
      : zodIssue.code === 'too_big' && zodIssue.inclusive === true
        ? zodIssue.maximum
        : undefined) ?? undefined;
  return [
    issueAt(
      path === '' ? 'configuration' : path,
      zodIssue.message,
      description !== '' ? description : taken ? 'Take one of them out.' : 'Give a value that fits.',
      path === ''
        ? []
        : [
            ...(bound === undefined
              ? []
              : [{ label: `Use ${bound}`, changes: [{ path, value: Number(bound) }] }]),
            { label: taken ? 'Take it out' : 'Use the default', changes: [{ path }] },
          ],
    ),
  ];
}
