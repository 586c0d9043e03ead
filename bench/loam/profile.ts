import { openSession } from '../../src/main/llm/training/session.ts';
import { trainingStep } from '../../src/main/llm/training/training-step.ts';
import { peakMemoryBytes, readParameters, reportResult } from './parameters.ts';
import { trainingJob, type TrainingTask } from './training-task.ts';

/** Takes training steps while ONNX Runtime writes down what each operator takes. */
const parameters = readParameters() as TrainingTask & {
  folder: string;
  steps: number;
  warmupSteps: number;
};
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
// The mean, since the profiles' times are added up too.
const counted = times.slice(parameters.warmupSteps);
const milliseconds = counted.reduce((sum, time) => sum + time, 0) / counted.length;
reportResult({ milliseconds, peakBytes });
