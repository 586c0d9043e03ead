import type { Case } from './cases/case.ts';
import { closingCases } from './cases/closing.ts';
import { dataCases } from './cases/data.ts';
import { integrityCases } from './cases/integrity.ts';
import { modelCases } from './cases/models.ts';
import { runCases } from './cases/runs.ts';
import { studioCases } from './cases/studio.ts';

/** One for each procedure, in the order in which a person would come to them: each works on what those before it left. */
export const cases: readonly Case[] = [
  ...studioCases,
  ...dataCases,
  ...runCases,
  ...modelCases,
  ...integrityCases,
  ...closingCases,
];
