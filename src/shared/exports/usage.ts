import type { ExportFormat } from './export.ts';

/** A program that can use an export. */
export const exportPrograms = ['transformers', 'transformersJs', 'onnxRuntime'] as const;
export type ExportProgram = (typeof exportPrograms)[number];

/** Lines of code that use an export, ready to be copied. */
export interface Usage {
  readonly program: ExportProgram;
  readonly language: 'python' | 'javascript';
  readonly install: string;
  readonly code: string;
}

/** How the programs that read a format use an export in a folder. */
export function usagesOf(format: ExportFormat, folder: string): readonly Usage[] {
  switch (format) {
    case 'safetensors':
      return [transformers(folder)];
    case 'onnx':
      return [transformersJs(folder), onnxRuntime(folder)];
    default:
      return format satisfies never;
  }
}

function transformers(folder: string): Usage {
  return {
    program: 'transformers',
    language: 'python',
    install: 'pip install transformers torch',
    code: `from transformers import AutoModelForCausalLM, AutoTokenizer

folder = ${pythonString(folder)}
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(folder)

inputs = tokenizer("Once upon a time", return_tensors="pt")
longest = min(200, model.config.max_position_embeddings)
written = model.generate(**inputs, max_length=longest, do_sample=True, temperature=0.8)
print(tokenizer.decode(written[0], skip_special_tokens=True))`,
  };
}

function transformersJs(folder: string): Usage {
  const { parent, name } = splitPath(folder);
  return {
    program: 'transformersJs',
    language: 'javascript',
    install: 'npm install @huggingface/transformers',
    code: `import { env, pipeline } from '@huggingface/transformers';

env.allowRemoteModels = false;
env.localModelPath = ${JSON.stringify(parent)};

const write = await pipeline('text-generation', ${JSON.stringify(name)}, { dtype: 'fp32' });
const prompt = 'Once upon a time';
const { n_positions, max_position_embeddings } = write.model.config;
const room = (n_positions ?? max_position_embeddings) - write.tokenizer(prompt).input_ids.dims.at(-1);
const [{ generated_text }] = await write(prompt, {
  max_new_tokens: Math.min(100, room),
  do_sample: true,
  temperature: 0.8,
});
console.log(generated_text);`,
  };
}

function onnxRuntime(folder: string): Usage {
  return {
    program: 'onnxRuntime',
    language: 'python',
    install: 'pip install onnxruntime tokenizers numpy',
    code: `import json

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

folder = ${pythonString(folder)}
tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
session = onnxruntime.InferenceSession(folder + "/onnx/model.onnx")
known = {value.name for value in session.get_inputs()}
with open(folder + "/config.json") as file:
    config = json.load(file)
context = config.get("n_positions") or config["max_position_embeddings"]

ids = tokenizer.encode("Once upon a time").ids
cache = {  # nothing is remembered yet
    value.name: np.zeros((1, value.shape[1], 0, value.shape[3]), np.float32)
    for value in session.get_inputs()
    if value.name.startswith("past_key_values")
}

for _ in range(50):  # the likeliest token each time
    inputs = np.array([ids[-context:]], dtype=np.int64)
    feeds = {
        "input_ids": inputs,
        "attention_mask": np.ones_like(inputs),
        "position_ids": np.arange(inputs.shape[1], dtype=np.int64)[None],
    }
    given = {name: value for name, value in feeds.items() if name in known}
    logits = session.run(["logits"], {**given, **cache})[0]
    ids.append(int(logits[0, -1].argmax()))
print(tokenizer.decode(ids))`,
  };
}

/** A string that Python reads as it stands; JSON's escapes are Python's too. */
function pythonString(text: string): string {
  return JSON.stringify(text);
}

function splitPath(folder: string): { readonly parent: string; readonly name: string } {
  const place = Math.max(folder.lastIndexOf('/'), folder.lastIndexOf('\\'));
  return { parent: folder.slice(0, Math.max(place, 0)), name: folder.slice(place + 1) };
}
