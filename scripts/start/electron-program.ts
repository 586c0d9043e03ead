import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Electron's program is, without asking the package for it: that would download one that is missing. */
export function electronProgram(
  packageFolder: string,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  try {
    const place = readFileSync(join(packageFolder, 'path.txt'), 'utf8').trim();
    const program = join(environment.ELECTRON_OVERRIDE_DIST_PATH ?? join(packageFolder, 'dist'), place);
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}

/** What is done about Electron's program: nothing is fetched without the person's word, and she is asked once. */
export type ElectronPlan = 'use' | 'ask' | 'browser';

export function planElectron(state: {
  /** The person wants the browser, or a window, or has said nothing of it. */
  readonly wants: 'browser' | 'window' | undefined;
  readonly present: boolean;
  /** Whether there is somebody to ask, and a package that could fetch it. */
  readonly canAsk: boolean;
  readonly declinedBefore: boolean;
}): ElectronPlan {
  const { wants, present, canAsk, declinedBefore } = state;
  if (wants === 'browser') return 'browser';
  if (present) return 'use';
  return canAsk && (wants === 'window' || !declinedBefore) ? 'ask' : 'browser';
}
