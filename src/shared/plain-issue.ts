import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

/**
 * What a value must be, as a sentence for somebody who knows no schemas: "It must be a whole number." Given to zod as
 * the `error` of a parse; messages that a schema has itself come before it.
 */
export function plainIssue(issue: Issue): string | undefined {
  const wanted = wantedBy(issue);
  return wanted === undefined ? undefined : `It must be ${wanted}.`;
}

function wantedBy(issue: Issue | z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return namesOfTypes[issue.expected];
    case 'too_small':
      return limit(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'too_big':
      return limit(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'invalid_value':
      return issue.values.map(String).join(' or ');
    case 'invalid_union': {
      const branches = issue.errors.map(([first]) => first && wantedBy(first));
      return branches.every((branch) => branch !== undefined) ? branches.join(', or ') : undefined;
    }
    default:
      return undefined;
  }
}

const namesOfTypes: Readonly<Partial<Record<string, string>>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  object: 'a group of settings: { … }',
  array: 'a list: [ … ]',
};

function limit(origin: string, comparison: string, bound: number | bigint): string | undefined {
  return origin === 'number' || origin === 'int' ? `${comparison} ${bound}` : undefined;
}
