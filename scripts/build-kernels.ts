// Compiles the WebAssembly kernels (AssemblyScript) and writes their bytes into
// src/main/llm/kernels/kernel-code.ts, from where they load without a file path, bundled or not.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { main as compileAssemblyScript } from 'assemblyscript/asc';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'src/main/llm/kernels');

/** Compiles source/index.ts. The same sources give the same bytes. */
export async function compileKernels(): Promise<Uint8Array> {
  let code: Uint8Array | undefined;
  let messages = '';
  const { error } = await compileAssemblyScript(
    [
      'source/index.ts',
      '--outFile',
      'kernels.wasm',
      '-O3',
      '--runtime',
      'stub',
      '--noExportMemory',
      '--importMemory',
      '--sharedMemory',
      '--initialMemory',
      '1',
      '--maximumMemory',
      '65536',
      '--enable',
      'simd,threads',
      '--use',
      'abort=',
    ],
    {
      stderr: { write: (text) => void (messages += String(text)) },
      readFile: (name, base) => readFile(join(folder, base ?? '', name), 'utf8').catch(() => null),
      writeFile: (name, contents) => {
        if (name === 'kernels.wasm' && typeof contents !== 'string') code = contents;
      },
    },
  );
  if (error !== null || code === undefined)
    throw new Error(`The kernels do not compile.\n${messages}`, { cause: error });
  return code;
}

/** The module that holds the compiled bytes. */
export function kernelModule(code: Uint8Array): string {
  const lines =
    Buffer.from(code)
      .toString('base64')
      .match(/.{1,100}/g) ?? [];
  return `/** The compiled kernels, in base64. Made by scripts/build-kernels.ts from source/; a test holds the two together. */
export const kernelCode = [
${lines.map((line) => `  '${line}',\n`).join('')}].join('');
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const code = await compileKernels();
  await writeFile(join(folder, 'kernel-code.ts'), kernelModule(code));
  console.log(`${code.byteLength} bytes of kernels`);
}
