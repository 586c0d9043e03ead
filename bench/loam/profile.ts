import { openSession } from '../../src/main/llm/training/session.ts';
import { trainingStep } from '../../src/main/llm/training/training-step.ts';
import { median } from '../harness/statistics.ts';
import { peakMemoryBytes, readParameters, reportResult } from './parameters.ts';
import { trainingJob, type TrainingTask } from './training-task.ts';

/** Takes training steps while ONNX Runtime writes down what each operator takes. */
const parameters = readParameters() as TrainingTask & { folder: string; steps: number };
const job = await trainingJob(parameters, {
  folder: parameters.folder,
  signal: new AbortController().signal,
  onEvent: () => undefined,
});
const session = await openSession(job);
let { state } = session;
const times: number[] = [];
for (let step = 0; step < parameters.steps; step += 1) {
  const start = performance.now();
  ({ state } = await trainingStep(state, session));
  times.push(performance.now() - start);
}
const peakBytes = peakMemoryBytes();
await session.close(); // writes the profiles
await job.engine.dispose();
reportResult({ milliseconds: median(times), peakBytes });
