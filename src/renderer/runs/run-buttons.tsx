import { useMutation, useQuery } from '@tanstack/react-query';
import { Cpu, GitBranch, Pause, Play, Square } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { engineTitles, type EngineName } from '../../shared/engines/engine.ts';
import type { RunSummary } from '../../shared/runs/run.ts';
import { api } from '../client/client.ts';
import { Button } from '../components/button.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Menu } from '../components/menu.tsx';
import { toastError } from '../components/toast.tsx';

type Run = Pick<RunSummary, 'name' | 'status' | 'step'>;

/** Whether a process trains the run or waits with it. */
export function isActive({ status }: Pick<RunSummary, 'status'>): boolean {
  return status === 'running' || status === 'queued';
}

/** Whether it can be gone on with. */
export function canResume({ status }: Pick<RunSummary, 'status'>): boolean {
  return status === 'paused' || status === 'interrupted' || status === 'failed' || status === 'stopped';
}

/** The run's status says what came of it. */
export function useStartRun() {
  return useMutation(api.runs.start.mutationOptions({ onError: toastError }));
}

/** Asked to pause, a run first finishes its step and saves: until then it says so. */
export function usePauseRun(run: Run) {
  const [asked, setAsked] = useState(false);
  const pause = useMutation(
    api.runs.pause.mutationOptions({
      onError: (error) => {
        setAsked(false);
        toastError(error);
      },
    }),
  );
  const active = isActive(run);
  useEffect(() => {
    if (!active) setAsked(false);
  }, [active]);
  return {
    isPausing: active && asked,
    pause: () => {
      setAsked(true);
      pause.mutate({ name: run.name });
    },
  };
}

/** What one does with a run, besides looking at it. */
export function RunButtons({
  run,
  engine,
  onBranch,
}: {
  readonly run: Run;
  /** What computes it. */
  readonly engine: EngineName;
  /** Absent where there is no checkpoint to branch from. */
  readonly onBranch: (() => void) | undefined;
}): JSX.Element {
  const { t } = useTranslation('run');
  const start = useStartRun();
  const { pause, isPausing } = usePauseRun(run);
  const stop = useMutation(api.runs.stop.mutationOptions({ onError: toastError }));
  const [asking, setAsking] = useState(false);
  return (
    <>
      {isActive(run) && (
        <>
          <Button icon={Pause} variant="primary" busy={isPausing} onClick={pause}>
            {isPausing ? t('pausing') : t('pause')}
          </Button>
          <Button icon={Square} onClick={() => setAsking(true)}>
            {t('stop')}
          </Button>
        </>
      )}
      {canResume(run) && (
        <Button
          icon={Play}
          variant="primary"
          busy={start.isPending}
          onClick={() => start.mutate({ name: run.name })}
        >
          {t(run.step > 0 ? 'resume' : 'start')}
        </Button>
      )}
      {canResume(run) && (
        <OtherEngines engine={engine} onChoose={(other) => start.mutate({ name: run.name, engine: other })} />
      )}
      <Button icon={GitBranch} disabled={onBranch === undefined} onClick={onBranch}>
        {t('branch')}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('stopTitle', { name: run.name })}
        confirmLabel={t('stopConfirm')}
        busy={stop.isPending}
        onConfirm={() => stop.mutate({ name: run.name }, { onSettled: () => setAsking(false) })}
      >
        {t('stopText')}
      </ConfirmDialog>
    </>
  );
}

/** Going on with another engine, where more than one is ready: a checkpoint belongs to none. */
function OtherEngines({
  engine,
  onChoose,
}: {
  readonly engine: EngineName;
  readonly onChoose: (engine: EngineName) => void;
}): JSX.Element | null {
  const { t } = useTranslation('run');
  const { data } = useQuery(api.engines.list.queryOptions());
  const others = (data?.engines ?? []).filter(({ name, state }) => name !== engine && state === 'ready');
  if (others.length === 0) return null;
  return (
    <Menu
      trigger={<Button icon={Cpu}>{t('resumeElsewhere')}</Button>}
      entries={others.map(({ name, device }) => ({
        label: engineTitles[name],
        hint: device,
        onSelect: () => onChoose(name),
      }))}
    />
  );
}
