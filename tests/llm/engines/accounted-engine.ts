import type { DeviceTensor, Engine, Program } from '../../../src/main/llm/engines/engine.ts';

/**
 * An engine that does the real work, and what was made by way of it and not given back.
 * @param mayCompile asked with the number of the compilation, from 1; false makes it fail
 */
export function accountedEngine(
  engine: Engine,
  mayCompile: (count: number) => boolean = () => true,
): { readonly engine: Engine; readonly alive: ReadonlySet<DeviceTensor | Program> } {
  const alive = new Set<DeviceTensor | Program>();
  let compilations = 0;
  const accounted: Engine = {
    description: engine.description,
    allocate: (dtype, shape) => {
      const tensor = engine.allocate(dtype, shape);
      const dispose = tensor.dispose.bind(tensor);
      tensor.dispose = () => {
        alive.delete(tensor);
        dispose();
      };
      alive.add(tensor);
      return tensor;
    },
    write: (tensor, data) => engine.write(tensor, data),
    read: (tensor) => engine.read(tensor),
    compile: async (graph, options) => {
      compilations += 1;
      if (!mayCompile(compilations)) throw new Error(`Compilation ${compilations} failed.`);
      const compiled = await engine.compile(graph, options);
      const program: Program = {
        run: (bindings, signal) => compiled.run(bindings, signal),
        dispose: () => {
          alive.delete(program);
          return compiled.dispose();
        },
      };
      alive.add(program);
      return program;
    },
    createParameterSet: (specifications) => engine.createParameterSet(specifications),
    dispose: () => engine.dispose(),
  };
  return { engine: accounted, alive };
}
