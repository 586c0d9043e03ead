import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ArrowUpToLine, Ellipsis, GitBranch, Pause, Pencil, Play, Trash2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../../shared/runs/run.ts';
import { api } from '../../client/client.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { Menu, type MenuEntry } from '../../components/menu.tsx';
import { toastError } from '../../components/toast.tsx';
import { RenameDialog } from '../../runs/rename-dialog.tsx';
import { canResume, isActive, usePauseRun, useStartRun } from '../../runs/run-buttons.tsx';

export interface RunRowMenuProps {
  readonly run: RunSummary;
  readonly onDelete: () => void;
}

/** What one does with a run from its row. */
export function RunRowMenu({ run, onDelete }: RunRowMenuProps): JSX.Element {
  const { t } = useTranslation('runs');
  const { t: tRun } = useTranslation('run');
  const navigate = useNavigate();
  const start = useStartRun();
  const { pause, isPausing } = usePauseRun(run);
  const reorder = useMutation(api.runs.reorder.mutationOptions({ onError: toastError }));
  const [renaming, setRenaming] = useState(false);
  const active = isActive(run);
  const entries: readonly MenuEntry[] = [
    ...((run.queuePlace ?? 0) > 1
      ? [
          {
            label: t('moveFirst'),
            icon: ArrowUpToLine,
            onSelect: () => reorder.mutate({ name: run.name }),
          },
        ]
      : []),
    {
      label: tRun('branch'),
      icon: GitBranch,
      disabled: run.step === 0,
      onSelect: () =>
        void navigate({
          to: '/runs/$run',
          params: { run: run.name },
          search: { branch: run.bestStep ?? run.step },
        }),
    },
    { label: tRun('rename'), icon: Pencil, disabled: active, onSelect: () => setRenaming(true) },
    'separator',
    { label: tRun('delete'), icon: Trash2, danger: true, disabled: active, onSelect: onDelete },
  ];
  return (
    <div className="flex justify-end gap-0.5">
      {active && (
        <IconButton
          icon={Pause}
          label={`${isPausing ? tRun('pausing') : tRun('pause')}: ${run.name}`}
          disabled={isPausing}
          onClick={pause}
        />
      )}
      {canResume(run) && (
        <IconButton
          icon={Play}
          label={`${tRun(run.step > 0 ? 'resume' : 'start')}: ${run.name}`}
          disabled={start.isPending}
          onClick={() => start.mutate({ name: run.name })}
        />
      )}
      <Menu
        align="end"
        trigger={<IconButton label={t('actionsFor', { name: run.name })} icon={Ellipsis} />}
        entries={entries}
      />
      <RenameDialog name={run.name} open={renaming} onOpenChange={setRenaming} onRenamed={() => undefined} />
    </div>
  );
}
