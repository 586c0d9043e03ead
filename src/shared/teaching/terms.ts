import { charts } from './charts.ts';
import { data } from './data.ts';
import { evaluation } from './evaluation.ts';
import { exporting } from './export.ts';
import { hardware } from './hardware.ts';
import { integrity } from './integrity.ts';
import { models } from './models.ts';
import type { Term } from './term.ts';
import { tokenizers } from './tokenizers.ts';
import { training } from './training.ts';
import { writing } from './writing.ts';

/** Everything that the window can explain, by topic. */
export const terms = {
  charts,
  data,
  evaluation,
  export: exporting,
  hardware,
  integrity,
  models,
  tokenizers,
  training,
  writing,
} as const;

type Terms = typeof terms;

/** A term by topic and name: "training.learningRate". */
export type TermName = {
  [T in keyof Terms]: `${T}.${Extract<keyof Terms[T], string>}`;
}[keyof Terms];

const byName: ReadonlyMap<string, Term> = new Map(
  Object.entries(terms).flatMap(([topic, entries]) =>
    Object.entries<Term>(entries).map(([name, term]): [string, Term] => [`${topic}.${name}`, term]),
  ),
);

export function findTerm(name: TermName): Term | undefined {
  return byName.get(name);
}

/** All terms with their names, for those who go through them. */
export const allTerms: ReadonlyMap<string, Term> = byName;
