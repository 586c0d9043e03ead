/** What can compute models. */
export const engineNames = ['onnxruntime', 'tensorflow'] as const;
export type EngineName = (typeof engineNames)[number];

/** How engines are called to a person. */
export const engineTitles: Readonly<Record<EngineName, string>> = {
  onnxruntime: 'ONNX Runtime',
  tensorflow: 'TensorFlow',
};

/** How an engine that is written somewhere is called; one that Loam does not know keeps its name. */
export function engineTitle(name: string): string {
  return Object.entries(engineTitles).find(([engine]) => engine === name)?.[1] ?? name;
}
