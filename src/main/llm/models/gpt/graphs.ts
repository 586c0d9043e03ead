export { buildGptExportGraph } from './export-graph.ts';
export { buildGptGenerationGraph } from './generation-graph.ts';
export { buildGptInspectionGraph } from './inspection-graph.ts';
export type { TrainingGraphOptions } from './training-graph.ts';
export { buildGptEvaluationGraph, buildGptTrainingGraph, gptDropoutMasks } from './training-graph.ts';
