import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { onnxRuntimeLibraryPath } from '../../../../src/main/llm/engines/onnxruntime/library.ts';

const source = (name: string): string =>
  new URL(`../../../../src/main/llm/engines/onnxruntime/${name}`, import.meta.url).href;

describe("the library's place", () => {
  it.each([
    ['linux', 'x64', 'libonnxruntime.so.1'],
    ['linux', 'arm64', 'libonnxruntime.so.1'],
    ['darwin', 'arm64', 'libonnxruntime.1.27.0.dylib'],
    ['win32', 'x64', 'onnxruntime.dll'],
    ['win32', 'arm64', 'onnxruntime.dll'],
  ])('is known for %s on %s, and the package has it', async (platform, arch, file) => {
    const packageFolder = fileURLToPath(
      new URL('../../../../node_modules/onnxruntime-node', import.meta.url),
    );
    const path = onnxRuntimeLibraryPath(packageFolder, platform, arch);
    expect(path).toBe(join(packageFolder, 'bin', 'napi-v6', platform, arch, file));
    expect(await readdir(join(packageFolder, 'bin', 'napi-v6', platform, arch))).toContain(file);
  });

  it("is beside Electron's archive, where the operating system can open it", () => {
    const inside = ['', 'opt', 'Loam', 'resources', 'app.asar', 'node_modules', 'onnxruntime-node'].join(sep);
    expect(onnxRuntimeLibraryPath(inside, 'linux', 'x64')).toContain(
      ['resources', 'app.asar.unpacked', 'node_modules'].join(sep),
    );
  });

  it('is refused for a platform that ONNX Runtime has none for, naming those that it has', () => {
    expect(() => onnxRuntimeLibraryPath('folder', 'darwin', 'x64')).toThrow(
      'no library for darwin on x64. Use one of: linux-x64',
    );
  });
});

/** Loads the library, trains a step and runs a program, as a process of its own. */
const session = `
const { createOnnxRuntimeEngine } = await import(${JSON.stringify(source('engine.ts'))});
const engine = await createOnnxRuntimeEngine({ threads: 2 });
const x = { name: 'x', dtype: 'float32', shape: [4] };
const y = { name: 'y', dtype: 'float32', shape: [4] };
const program = await engine.compile({ name: 'g', inputs: [x], outputs: [{ name: 'y', value: y }], nodes: [{ name: 'n', operator: 'Neg', domain: '', inputs: [x], outputs: [y], attributes: {} }], constants: new Map(), aliases: new Map() });
const set = await engine.createParameterSet([{ name: 'p', shape: [4], weightDecay: true }]);
await program.run({ x: set.buffer('parameters').p, y: engine.allocate('float32', [4]) });
await set.adamW({ step: 1, learningRate: 1e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, gradientScale: 1 });
await engine.dispose();
console.log('done', process.env.ORT_DISABLE_TELEMETRY);
`;

/** The environment without what would make telemetry hold back by itself. */
function plainEnvironment(home: string): NodeJS.ProcessEnv {
  const { CI: _ci, ORT_DISABLE_TELEMETRY: _telemetry, ...rest } = process.env;
  return {
    ...rest,
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
  };
}

const hasStrace = spawnSync('strace', ['--version']).status === 0;

describe('loading the library and running', () => {
  it.skipIf(!hasStrace)(
    `opens no socket and writes no file into the home folder${hasStrace ? '' : ' (not traced: strace is not installed)'}`,
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'loam-trace-'));
      try {
        const trace = join(folder, 'trace');
        const home = join(folder, 'home');
        const result = spawnSync(
          'strace',
          [
            '-f',
            '-e',
            'trace=network',
            '-o',
            trace,
            process.execPath,
            '--disable-warning=ExperimentalWarning',
            '--input-type=module',
            '-e',
            session,
          ],
          { env: plainEnvironment(home), encoding: 'utf8' },
        );
        expect(result.stderr).toBe('');
        expect(result.stdout).toBe('done 1\n');
        // A socketpair joins two ends of this process (how Node starts others); a connection needs a socket.
        const calls = (await readFile(trace, 'utf8'))
          .split('\n')
          .filter((line) => /\b(socket|connect|bind|listen|sendto|sendmsg|getaddrinfo)\(/.test(line));
        expect(calls).toEqual([]);
        await expect(readdir(home)).rejects.toThrow('ENOENT');
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  );
});
