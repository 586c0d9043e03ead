import type { TrainingProcedures } from './training-protocol.ts';
import { trainRun } from './train-run.ts';
import { serveWorker } from '../processes/worker-server.ts';

/** The process in which one run trains. */
serveWorker<TrainingProcedures>({ train: trainRun });
