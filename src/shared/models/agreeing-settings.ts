import type { z } from 'zod';
import type { ConfigurationIssue } from '../runs/configuration-issue.ts';

/** Settings that are refused where they do not go together, besides each that is no valid value. */
export function agreeingSettings<Settings>(
  schema: z.ZodType<Settings>,
  findIssues: (settings: Settings) => readonly ConfigurationIssue[],
): z.ZodType<Settings> {
  return schema.check(({ value, issues }) => {
    for (const { path, what, remedy } of findIssues(value))
      issues.push({
        code: 'custom',
        // The part of the configuration that the settings are is not in their own schema.
        path: path.split('.').slice(1),
        message: `${what} ${remedy}`,
        input: value,
      });
  });
}
