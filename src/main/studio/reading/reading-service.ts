import { existsSync } from 'node:fs';
import type { Launcher } from '../processes/launcher.ts';
import type { JobBoard, JobContext, StartedJob } from '../jobs/job-board.ts';
import { startWorker, withWorker, type CallOptions, type WorkerClient } from '../processes/worker-client.ts';
import type { ImportInput } from '../../../shared/datasets/import.ts';
import type { Project } from '../projects/projects.ts';
import type { DatasetRow } from '../store/datasets.ts';
import { documentIndexFile } from '../datasets/document-indexes.ts';
import { contentsOf, requireDataset } from '../datasets/dataset-rows.ts';
import type { ReadingProcedures } from './reading-protocol.ts';

type AboutDocuments =
  'documents' | 'document' | 'statistics' | 'recipe' | 'tryStep' | 'tokens' | 'exportDataset';
type AboutTokenizers =
  'encodeText' | 'previewPrompt' | 'compareTokenizers' | 'vocabulary' | 'importTokenizer';

type AboutModels = 'describeModel' | 'describeStart' | 'previewEvaluation';

type Questions = Pick<ReadingProcedures, AboutDocuments | AboutTokenizers | AboutModels | 'inspect'>;

/** The documents of a project that a host has open: its worker, which is started when it is first needed. */
export interface ReadingService {
  /** Asks the worker. */
  ask<Name extends keyof Questions>(
    name: Name,
    parameters: Omit<Questions[Name]['parameters'], 'project'>,
    signal?: AbortSignal,
  ): Promise<Questions[Name]['result']>;
  /** Asks about a dataset's documents, once they can be looked at. */
  askAbout<Name extends AboutDocuments>(
    name: Name,
    parameters: Omit<Questions[Name]['parameters'], 'project'>,
    signal?: AbortSignal,
  ): Promise<Questions[Name]['result']>;
  /** The job that makes a dataset's documents ready to be looked at; undefined when they are. */
  prepare(dataset: string): number | undefined;
  import(input: ImportInput): number;
  countTokens(dataset: string, tokenizer: string): number;
  close(): Promise<void>;
}

/** How long a worker without questions stays, in milliseconds: it holds what it worked out in memory. */
const idleTime = 10 * 60_000;

const versionsKnown = 200;

export function createReadingService({
  project,
  jobs,
  launcher,
}: {
  readonly project: Project;
  readonly jobs: JobBoard;
  readonly launcher: Launcher;
}): ReadingService {
  let worker: WorkerClient<ReadingProcedures> | undefined;
  let idle: NodeJS.Timeout | undefined;
  let asking = 0;
  const preparing = new Map<string, StartedJob<unknown>>();

  const start = (): WorkerClient<ReadingProcedures> => {
    const child = launcher('reading');
    const started = startWorker<ReadingProcedures>(child, 'reading');
    child.onExit(() => {
      if (worker === started) worker = undefined;
    });
    worker = started;
    return started;
  };

  const stopWhenIdle = (): void => {
    clearTimeout(idle);
    if (asking > 0) return;
    idle = setTimeout(() => {
      void worker?.close();
      worker = undefined;
    }, idleTime);
    idle.unref();
  };

  const ask: ReadingService['ask'] = async (name, parameters, signal) => {
    clearTimeout(idle);
    asking += 1;
    try {
      return await (worker ?? start()).call(
        name,
        { ...parameters, project: project.folder } as ReadingProcedures[typeof name]['parameters'],
        signal === undefined ? {} : { signal },
      );
    } finally {
      asking -= 1;
      stopWhenIdle();
    }
  };

  /** Has a worker of its own do something that takes long. */
  const inOwnWorker = async <Name extends keyof ReadingProcedures>(
    title: string,
    name: Name,
    parameters: ReadingProcedures[Name]['parameters'],
    options: CallOptions<ReadingProcedures[Name]['event']>,
  ): Promise<ReadingProcedures[Name]['result']> => {
    const process = launcher('reading');
    return withWorker(process, title, (worker: WorkerClient<ReadingProcedures>) =>
      worker.call(name, parameters, options),
    );
  };

  /** Where the index of a dataset lies, by its version: a table asks for it with every window. */
  const files = new Map<string, string>();
  const isReady = (row: DatasetRow): boolean => {
    const version = `${row.id}:${row.hash}`;
    const file = files.get(version) ?? documentIndexFile(project, contentsOf(project, row));
    if (files.size > versionsKnown) files.clear();
    files.set(version, file);
    return existsSync(file);
  };

  const startPreparation = (dataset: string): StartedJob<unknown> => {
    const known = preparing.get(dataset);
    if (known !== undefined) return known;
    const job = jobs.start(
      {
        kind: 'curation',
        title: `Read the documents of ${dataset}`,
        subject: { noun: 'dataset', name: dataset },
      },
      ({ signal, report }) => {
        const clock = createRemainingTime();
        return inOwnWorker(
          'reading',
          'makeIndex',
          { project: project.folder, dataset },
          {
            signal,
            onEvent: ({ bytes, totalBytes, documents }) =>
              report({
                stage: `Reading documents: ${documents.toLocaleString('en')} so far`,
                ...sharePart(bytes, totalBytes),
                ...clock(bytes, totalBytes),
              }),
          },
        );
      },
    );
    preparing.set(dataset, job);
    const forget = (): void => void preparing.delete(dataset);
    job.done.then(forget, forget);
    return job;
  };

  return {
    ask,
    askAbout: async (name, parameters, signal) => {
      const row = requireDataset(project, parameters.dataset);
      if (!isReady(row)) await startPreparation(row.name).done;
      return ask(name, parameters, signal);
    },
    prepare: (dataset) => {
      const row = requireDataset(project, dataset);
      return isReady(row) ? undefined : startPreparation(row.name).id;
    },
    import: (input) =>
      jobs.start(
        {
          kind: 'import',
          title: input.mode === 'append' ? `Add files to ${input.name}` : `Import ${input.name}`,
          subject: { noun: 'dataset', name: input.name },
        },
        (context) => runImport(context, input),
      ).id,
    countTokens: (dataset, tokenizer) => {
      const { name } = requireDataset(project, dataset);
      return jobs.start(
        {
          kind: 'curation',
          title: `Count the tokens of ${name} with ${tokenizer}`,
          subject: { noun: 'dataset', name },
        },
        ({ signal, report }) => {
          const clock = createRemainingTime();
          return inOwnWorker(
            'counting',
            'countTokens',
            { project: project.folder, dataset: name, tokenizer },
            {
              signal,
              onEvent: ({ documents, total }) =>
                report({
                  stage: `Counting tokens: ${documents.toLocaleString('en')} of ${counted(total, 'document')}`,
                  ...sharePart(documents, total),
                  ...clock(documents, total),
                }),
            },
          );
        },
      ).id;
    },
    close: async () => {
      clearTimeout(idle);
      await worker?.close();
      worker = undefined;
    },
  };

  async function runImport({ signal, report, notice }: JobContext, input: ImportInput): Promise<void> {
    const clocks = new Map<string, ReturnType<typeof createRemainingTime>>();
    await inOwnWorker(
      'import',
      'import',
      { project: project.folder, input },
      {
        signal,
        onEvent: (told) => {
          if (told.type === 'notice') {
            notice(told.sentence);
            return;
          }
          const { stage, bytes, totalBytes, done, total } = told.progress;
          const clock = clocks.get(stage) ?? createRemainingTime();
          clocks.set(stage, clock);
          const files = `${done.toLocaleString('en')} of ${counted(total, 'file')}`;
          report({
            stage: stage === 'indexing' ? 'Reading documents' : `Copying and checking files: ${files}`,
            ...sharePart(bytes, totalBytes),
            ...clock(bytes, totalBytes),
          });
        },
      },
    );
  }
}

/** A share alone: each byte is gone through several times, and their number would say nothing. */
function sharePart(done: number, total: number): { done?: number; total?: number } {
  return total > 0 ? { done: Math.min(done / total, 1), total: 1 } : {};
}

/** "1 file", "2,000 files". */
function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** Estimates the time left from the time passed; it says nothing in the first second. */
function createRemainingTime(): (done: number, total: number) => { remainingSeconds?: number } {
  const begun = performance.now();
  return (done, total) => {
    const seconds = (performance.now() - begun) / 1000;
    return seconds < 1 || done <= 0 || total <= 0
      ? {}
      : { remainingSeconds: Math.max(0, (seconds * (total - done)) / done) };
  };
}
