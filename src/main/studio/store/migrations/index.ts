import { firstTables } from './0001-first-tables.ts';
import { jobsAndChanges } from './0002-jobs-and-changes.ts';
import { chatsAndModels } from './0003-chats-and-models.ts';
import { curation } from './0004-curation.ts';
import { runCharts } from './0005-run-charts.ts';
import { recipeSteps } from './0006-recipe-steps.ts';
import { usersAndDeletedTexts } from './0007-users-and-deleted-texts.ts';
import { branchesOfRuns } from './0008-branches-of-runs.ts';
import { usesOfTokenSets } from './0009-uses-of-token-sets.ts';
import { aStepOnce } from './0010-a-step-once.ts';
import { digests } from './0011-digests.ts';
import { identityOfAProject } from './0012-identity-of-a-project.ts';
import { lastVerification } from './0013-last-verification.ts';
import { figuresByName } from './0014-figures-by-name.ts';
import { tasksOfModels } from './0015-tasks-of-models.ts';
import type { Migration } from './migration.ts';

/** Every migration, oldest first. */
export const migrations: readonly Migration[] = [
  firstTables,
  jobsAndChanges,
  chatsAndModels,
  curation,
  runCharts,
  recipeSteps,
  usersAndDeletedTexts,
  branchesOfRuns,
  usesOfTokenSets,
  aStepOnce,
  digests,
  identityOfAProject,
  lastVerification,
  figuresByName,
  tasksOfModels,
];
