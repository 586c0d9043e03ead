import { changesProcedures } from './changes/procedures.ts';
import { chatsProcedures } from './chats/procedures.ts';
import { checkpointsProcedures } from './checkpoints/procedures.ts';
import { datasetsProcedures } from './datasets/procedures.ts';
import { enginesProcedures } from './engines/procedures.ts';
import { evaluationsProcedures } from './evaluations/procedures.ts';
import { exportsProcedures } from './exports/procedures.ts';
import { hardwareProcedures } from './hardware/procedures.ts';
import { withoutProject } from './implement.ts';
import { integrityProcedures } from './integrity/procedures.ts';
import { jobsProcedures } from './jobs/procedures.ts';
import { projectsProcedures } from './projects/procedures.ts';
import { runsProcedures } from './runs/procedures.ts';
import { settingsProcedures } from './settings/procedures.ts';
import { tokenizersProcedures } from './tokenizers/procedures.ts';

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
  projects: projectsProcedures,
  runs: runsProcedures,
  settings: settingsProcedures,
  tokenizers: tokenizersProcedures,
});
