import type { JobProgress } from '../../../shared/jobs/job.ts';
import type {
  Finding,
  Repair,
  VerificationRecord,
  Verification,
  VerifiedArea,
} from '../../../shared/integrity/verification.ts';
import type { JobBoard, JobContext } from '../jobs/job-board.ts';
import type { Launcher } from '../processes/launcher.ts';
import { startWorker, type WorkerClient } from '../processes/worker-client.ts';
import type { Project } from '../projects/projects.ts';
import { findVerification, keepVerification } from '../store/verifications.ts';
import { LoamError } from '../../../shared/errors.ts';
import type { IntegrityProcedures } from './integrity-protocol.ts';
import { areaTitles } from './area-titles.ts';
import type { VerifyProgress } from './verify-project.ts';

/** So many findings are kept of a look; a table that is damaged as a whole has many thousands. */
const mostKept = 500;

interface IntegrityJobs {
  readonly project: Project;
  readonly jobs: JobBoard;
  readonly launcher: Launcher;
}

/** What is done to a project before it is looked at. */
interface Mending {
  readonly repairs: readonly Repair[];
  readonly accepted: readonly string[];
}

const nothing: Mending = { repairs: [], accepted: [] };

/** Looks at everything in a project, in a process of its own; what was found is kept. @returns the job's number */
export function verifyAsJob(host: IntegrityJobs): number {
  return startJob(host, 'Check this project', async () => nothing);
}

/**
 * Makes again what can be made again of the findings of the last look, and looks once more.
 * @param checkedAt of the look that is meant
 * @returns the job's number
 * @throws LoamError when there has been another look since
 */
export function repairAsJob(host: IntegrityJobs, checkedAt: string): number {
  const { verification } = requireLook(host.project, checkedAt);
  return startJob(host, 'Repair this project', async (worker, { signal, report }) => ({
    ...nothing,
    repairs: await worker.call(
      'repair',
      { project: host.project.folder, findings: verification.findings },
      { signal, onEvent: ({ what }) => report({ stage: `Making again: ${what}` }) },
    ),
  }));
}

/** Takes as right what the last look found changed in the store, or missing from it, and looks once more. */
export function acceptAsJob(host: IntegrityJobs, checkedAt: string): number {
  requireLook(host.project, checkedAt);
  return startJob(host, 'Accept the store as it stands', async (worker, { signal, report }) => {
    report({ stage: 'Accepting the store as it stands' });
    return {
      ...nothing,
      accepted: await worker.call('accept', { project: host.project.folder }, { signal }),
    };
  });
}

function requireLook(project: Project, checkedAt: string): VerificationRecord {
  const last = findVerification(project.store);
  if (last?.checkedAt !== checkedAt)
    throw new LoamError({
      kind: 'misuse',
      where: project.folder,
      what: 'The project has been checked again since.',
      remedy: 'Look at what was found now, then choose again.',
    });
  return last;
}

function startJob(
  { project, jobs, launcher }: IntegrityJobs,
  title: string,
  mend: (worker: WorkerClient<IntegrityProcedures>, context: JobContext) => Promise<Mending>,
): number {
  if (jobs.list().some(({ kind, status }) => kind === 'verification' && status === 'running'))
    throw new LoamError({
      kind: 'input',
      where: project.folder,
      what: 'The project is being checked already.',
      remedy: 'Wait until that is done, or stop it.',
    });
  return jobs.start({ kind: 'verification', title }, async (context) => {
    const worker = startWorker<IntegrityProcedures>(launcher('integrity'), 'check');
    try {
      const mended = await mend(worker, context);
      const verification = await worker.call(
        'verify',
        { project: project.folder },
        { signal: context.signal, onEvent: describeProgress(context.report) },
      );
      recordVerification(project, verification, mended);
    } finally {
      await worker.close();
    }
  }).id;
}

/** Keeps what a look came to. */
export function recordVerification(project: Project, verification: Verification, mended: Mending): void {
  const { findings } = verification;
  keepVerification(project.store, {
    checkedAt: project.clock().toISOString(),
    verification: { ...verification, findings: worstFirst(findings).slice(0, mostKept) },
    leftOut: Math.max(0, findings.length - mostKept),
    repairs: [...mended.repairs],
    accepted: [...mended.accepted],
  });
}

/** What is damaged before what has only no hashes. */
function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return findings.length <= mostKept
    ? findings
    : findings.toSorted(
        (one, other) => Number(one.status === 'unprotected') - Number(other.status === 'unprotected'),
      );
}

/** How long reading must have gone on before its pace says how long it will take, in seconds. */
const shortest = 2;

function describeProgress(report: (progress: JobProgress) => void): (progress: VerifyProgress) => void {
  const begun = performance.now();
  return ({ area, bytes, totalBytes }) => {
    const seconds = (performance.now() - begun) / 1000;
    report({
      stage: stageOf(area, bytes, totalBytes),
      ...(totalBytes > 0 ? { done: bytes / totalBytes, total: 1 } : {}),
      ...(seconds > shortest && bytes > 0
        ? { remainingSeconds: (seconds * (totalBytes - bytes)) / bytes }
        : {}),
    });
  };
}

function stageOf(area: VerifiedArea, bytes: number, totalBytes: number): string {
  return `Reading ${areaTitles[area]}: ${megabytes(bytes)} of ${megabytes(totalBytes)}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: bytes < 1e7 ? 1 : 0 })} MB`;
}
