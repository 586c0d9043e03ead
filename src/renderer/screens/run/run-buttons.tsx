import { useMutation } from '@tanstack/react-query';
import { GitBranch, Pause, Play, Square } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../../shared/runs/run.ts';
import { api } from '../../app/client.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { toastError } from '../../components/toast.tsx';

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
  onBranch,
}: {
  readonly run: Run;
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
