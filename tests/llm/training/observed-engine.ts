import type { AdamWStep, Engine, ParameterSet } from '../../../src/main/llm/engines/engine.ts';

/** What a test wants to see or to change of an engine's work. */
export interface Observation {
  readonly onRun?: () => void;
  readonly onUpdate?: (update: AdamWStep) => void;
  /** What the gradient norm is said to be. */
  readonly gradientNorm?: (real: number) => number;
}

/** An engine that does the real work and lets a test look on. */
export function observedEngine(engine: Engine, observation: Observation): Engine {
  return {
    description: engine.description,
    allocate: (dtype, shape) => engine.allocate(dtype, shape),
    write: (tensor, data) => engine.write(tensor, data),
    read: (tensor) => engine.read(tensor),
    dispose: () => engine.dispose(),
    async compile(graph, options) {
      const program = await engine.compile(graph, options);
      return {
        run: async (bindings, signal) => {
          observation.onRun?.();
          await program.run(bindings, signal);
        },
        dispose: () => program.dispose(),
      };
    },
    async createParameterSet(specifications) {
      const set = await engine.createParameterSet(specifications);
      const observed: ParameterSet = {
        specifications: set.specifications,
        buffer: (buffer) => set.buffer(buffer),
        zeroGradients: () => set.zeroGradients(),
        gradientNorm: async () => {
          const real = await set.gradientNorm();
          return observation.gradientNorm?.(real) ?? real;
        },
        adamW: async (update) => {
          observation.onUpdate?.(update);
          await set.adamW(update);
        },
        dispose: () => set.dispose(),
      };
      return observed;
    },
  };
}
