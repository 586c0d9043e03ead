import { modelDeclarationOf } from '../models/registry.ts';
import { plainIssue } from '../plain-issue.ts';
import { configurationSchemaFor } from './configuration-schema.ts';
import type { ConfigurationIssue } from './configuration-issue.ts';
import { contextIssues, vocabularyIssues, type TextFacts } from './text-issues.ts';
import { trainingIssues } from './training-issues.ts';
import { valueIssues } from './value-issues.ts';

/** What a configuration is held against besides itself. Whatever is absent is not checked. */
export interface RunFacts {
  readonly text?: TextFacts;
  /** Whether the tokenizer exists already, so that what is said of a new one does not matter. */
  readonly tokenizerExists?: boolean;
  readonly cores?: number;
}

/**
 * Everything in a run's configuration that is no valid value, does not go together, or does not go with the text or the
 * machine. A run with an error among them does not start.
 * @param configuration as it was written, with its defaults left out
 */
export function findConfigurationIssues(
  configuration: unknown,
  facts: RunFacts = {},
): readonly ConfigurationIssue[] {
  const parsed = configurationSchemaFor(configuration, 'settings').safeParse(configuration, {
    error: plainIssue,
  });
  if (!parsed.success) return parsed.error.issues.flatMap((issue) => valueIssues(issue, configuration));
  const { model, tokenizer, training, engine } = parsed.data;
  return [
    ...modelDeclarationOf(model).issues(model),
    ...trainingIssues(training),
    ...(facts.text === undefined ? [] : contextIssues(model.contextLength, facts.text)),
    ...(facts.text === undefined || facts.tokenizerExists === true
      ? []
      : vocabularyIssues(tokenizer, facts.text)),
    ...(facts.cores === undefined ? [] : threadIssues(engine.threads, facts.cores)),
  ];
}

/** More threads than the machine has cores. */
export function threadIssues(threads: number | undefined, cores: number): readonly ConfigurationIssue[] {
  if (threads === undefined || threads <= cores) return [];
  return [
    {
      rule: 'threadsFitCores',
      severity: 'error',
      path: 'engine.threads',
      what: `This machine has ${cores} ${cores === 1 ? 'core' : 'cores'}, not ${threads}; more threads than cores only slow a run down.`,
      remedy: `Take at most ${cores}, or leave it out to use all but the free ones.`,
      corrections: [
        { label: 'All but the free cores', changes: [{ path: 'engine.threads' }] },
        {
          label: `${cores} ${cores === 1 ? 'thread' : 'threads'}`,
          changes: [{ path: 'engine.threads', value: cores }],
        },
      ],
    },
  ];
}
