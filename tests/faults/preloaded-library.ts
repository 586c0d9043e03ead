import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Compiles what stands between a program and the C library into a folder; undefined where that cannot be done here. */
export function compilePreloadedLibrary(folder: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const library = join(folder, 'recorded-writes.so');
  const source = join(import.meta.dirname, 'recorded-writes.c');
  const { status } = spawnSync(
    'cc',
    ['-O1', '-shared', '-fPIC', '-o', library, source, '-ldl', '-lpthread'],
    {
      stdio: 'ignore',
    },
  );
  return status === 0 ? library : undefined;
}

/** How the figures say that a kind of fault could not be tried. */
export const notTried = (what: string) =>
  [{ what: `${what} (skipped: needs Linux and a C compiler)`, counts: { tried: 0 }, failures: [] }] as const;

export interface DurableWork {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs durable-work.ts in a folder. @param environment of the preloaded library; none to run without it. */
export function doDurableWork(
  root: string,
  text: string,
  environment: Readonly<Record<string, string>> = {},
): DurableWork {
  const work = join(import.meta.dirname, 'durable-work.ts');
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', work, root, text], {
    encoding: 'utf8',
    env: {
      ...process.env,
      LOAM_HOME: join(root, '..', 'home'),
      ORT_DISABLE_TELEMETRY: '1',
      LOAM_RECORD_ROOT: root,
      ...environment,
    },
  });
}
