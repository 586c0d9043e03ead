import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const watched = ['-f', '-qq', '-e', 'trace=network'] as const;
/** How strace is asked: with a filter in the kernel, no other call stops the process; older releases have no filter. */
const asked = [['--seccomp-bpf', ...watched], watched].find(
  (options) => spawnSync('strace', [...options, 'true']).status === 0,
);

/** Whether the kernel's system calls can be watched here. */
export const canTrace = asked !== undefined;

/** What a test's name says where they cannot. */
export const ifNotTraced = canTrace
  ? ''
  : ' (skipped: strace, which watches system calls, is not installed or may not trace)';

/** What starts a command so that its network calls, and those of all that it starts, are written to a file, one a line. */
export const tracing = (file: string) => ['strace', ...(asked ?? watched), '-o', file] as const;

/**
 * A bare home in a folder, and none of the variables by which telemetry is switched off for tests and in continuous
 * integration.
 */
export function personsEnvironment(folder: string): NodeJS.ProcessEnv {
  // Where compiled modules are kept stays: `npm run loam` sets it for a person, too.
  const unset =
    /^(CI|ORT_.*|LOAM_.*|XDG_.*|VITEST.*|NODE_(?!COMPILE_CACHE$).*|GITHUB_.*|TF_BUILD|JENKINS_URL|BUILD_.*)$/;
  const kept = Object.entries(process.env).filter(([name]) => !unset.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'temporary'),
    LOAM_HOME: join(folder, 'loam'),
  };
}

/** The calls that name an internet address other than this machine's own, as strace prints addresses. */
export const callsBeyondThisMachine = (calls: readonly string[]): readonly string[] =>
  calls.filter(
    (call) =>
      /\b(connect|sendto|sendmsg|sendmmsg)\(/.test(call) &&
      /AF_INET6?\b/.test(call) &&
      !/inet_addr\("127\.|inet_pton\(AF_INET6, "::1"/.test(call),
  );
