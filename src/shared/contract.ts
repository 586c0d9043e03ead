import { changesContract } from './changes/contract.ts';
import { chatsContract } from './chats/contract.ts';
import { checkpointsContract } from './checkpoints/contract.ts';
import { datasetsContract } from './datasets/contract.ts';
import { enginesContract } from './engines/contract.ts';
import { evaluationsContract } from './evaluations/contract.ts';
import { exportsContract } from './exports/contract.ts';
import { hardwareContract } from './hardware/contract.ts';
import { integrityContract } from './integrity/contract.ts';
import { jobsContract } from './jobs/contract.ts';
import { modelsContract } from './models/contract.ts';
import { objectivesContract } from './objectives/contract.ts';
import { projectsContract } from './projects/contract.ts';
import { runsContract } from './runs/contract.ts';
import { settingsContract } from './settings/contract.ts';
import { tokenizersContract } from './tokenizers/contract.ts';

/** Everything that a page can ask of the studio, by noun. The hosts carry it, the studio implements it. */
export const contract = {
  changes: changesContract,
  chats: chatsContract,
  checkpoints: checkpointsContract,
  datasets: datasetsContract,
  engines: enginesContract,
  evaluations: evaluationsContract,
  exports: exportsContract,
  hardware: hardwareContract,
  integrity: integrityContract,
  jobs: jobsContract,
  models: modelsContract,
  objectives: objectivesContract,
  projects: projectsContract,
  runs: runsContract,
  settings: settingsContract,
  tokenizers: tokenizersContract,
};
