/** What can compute models. */
export const engineNames = ['onnxruntime', 'tensorflow'] as const;
export type EngineName = (typeof engineNames)[number];

/** How engines are called to a person. */
export const engineTitles: Readonly<Record<EngineName, string>> = {
  onnxruntime: 'ONNX Runtime',
  tensorflow: 'TensorFlow',
};
