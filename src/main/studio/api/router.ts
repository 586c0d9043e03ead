import { changesProcedures } from './procedures/changes.ts';
import { chatsProcedures } from './procedures/chats.ts';
import { checkpointsProcedures } from './procedures/checkpoints.ts';
import { datasetsProcedures } from './procedures/datasets.ts';
import { enginesProcedures } from './procedures/engines.ts';
import { evaluationsProcedures } from './procedures/evaluations.ts';
import { exportsProcedures } from './procedures/exports.ts';
import { hardwareProcedures } from './procedures/hardware.ts';
import { withoutProject } from './implement.ts';
import { integrityProcedures } from './procedures/integrity.ts';
import { jobsProcedures } from './procedures/jobs.ts';
import { modelsProcedures } from './procedures/models.ts';
import { objectivesProcedures } from './procedures/objectives.ts';
import { projectsProcedures } from './procedures/projects.ts';
import { runsProcedures } from './procedures/runs.ts';
import { settingsProcedures } from './procedures/settings.ts';
import { tokenizersProcedures } from './procedures/tokenizers.ts';

/** The whole contract, implemented: what a host serves over its transport. */
export const router = withoutProject.router({
  changes: changesProcedures,
  chats: chatsProcedures,
  checkpoints: checkpointsProcedures,
  datasets: datasetsProcedures,
  engines: enginesProcedures,
  evaluations: evaluationsProcedures,
  exports: exportsProcedures,
  hardware: hardwareProcedures,
  integrity: integrityProcedures,
  jobs: jobsProcedures,
  models: modelsProcedures,
  objectives: objectivesProcedures,
  projects: projectsProcedures,
  runs: runsProcedures,
  settings: settingsProcedures,
  tokenizers: tokenizersProcedures,
});
