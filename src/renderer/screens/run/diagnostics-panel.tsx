import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { GitBranch, Plus, Search } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { applyChanges } from '../../../shared/runs/configuration-issue.ts';
import { suggestedChanges, type Diagnostic } from '../../../shared/runs/diagnostic.ts';
import type { RunDetails } from '../../../shared/runs/run-details.ts';
import { api } from '../../client/client.ts';
import { formatCompact, formatCount, formatLoss, formatNumber, formatPercent } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Notice } from '../../components/notice.tsx';
import { toastError } from '../../components/toast.tsx';
import type { BranchStart } from './branch-dialog.tsx';
import { settingName, showSetting } from '../../runs/settings-tree.ts';

export interface DiagnosticsPanelProps {
  readonly run: RunDetails;
  readonly diagnostics: readonly Diagnostic[];
  readonly onShow: (step: number) => void;
  readonly onBranch: (start: BranchStart) => void;
}

/** How grave a diagnostic is. */
export function diagnosticTone(kind: Diagnostic['kind']): 'danger' | 'warning' | 'info' {
  if (kind === 'diverging') return 'danger';
  return kind === 'gradientSpike' ? 'info' : 'warning';
}

/** "240 ms", "1.3 s". */
const formatStepTime = (seconds: number | undefined): string =>
  seconds !== undefined && seconds < 1
    ? `${formatNumber(1000 * seconds, 0)} ms`
    : `${formatNumber(seconds, 1)} s`;

/** A diagnostic in words. */
export function useDiagnosticWords(): (diagnostic: Diagnostic) => {
  readonly title: string;
  readonly text: string;
} {
  const { t } = useTranslation('run');
  return ({ kind, step, figures }) => {
    const show = (name: string, format: (value: number | undefined) => string): string =>
      format(figures[name]);
    const rolledBack = kind === 'diverging' && (figures.rollbacks ?? 0) > 0;
    return {
      title: t(`diagnostic.${kind}`),
      text: t(rolledBack ? 'diagnosticText.divergingRolledBack' : `diagnosticText.${kind}`, {
        step: formatCount(step),
        rollbacks: show('rollbacks', formatCount),
        spikes: show('spikes', formatCount),
        tokens: show('tokens', formatCount),
        times: show('times', (value) => formatNumber(value, kind === 'slowerThanMeasured' ? 1 : 0)),
        best: show('best', formatLoss),
        now: show('now', formatLoss),
        training: show('training', formatLoss),
        start: show('start', formatLoss),
        loss: show('loss', formatLoss),
        guessing: show('guessing', formatLoss),
        from: show('from', formatLoss),
        to: show('to', formatLoss),
        before: show('before', formatCompact),
        speed: show('now', formatCompact),
        share: show('share', formatPercent),
        norm: show('norm', (value) => formatNumber(value, 1)),
        usual: show('usual', (value) => formatNumber(value, 1)),
        clipped:
          (figures.clipping ?? 0) > 0
            ? t('diagnosticText.wasClipped', { clipping: showSetting(figures.clipping) })
            : t('diagnosticText.wasNotClipped'),
        seconds: show('seconds', formatStepTime),
        measured: show('measured', formatStepTime),
        count: figures.spikes ?? figures.rollbacks ?? 0,
      }),
    };
  };
}

/** What is unusual about the curves, each with one thing to try. */
export function DiagnosticsPanel({ run, diagnostics, onShow, onBranch }: DiagnosticsPanelProps): JSX.Element {
  const { t } = useTranslation('run');
  const words = useDiagnosticWords();
  const [renewing, setRenewing] = useState<Diagnostic>();
  const active = run.status === 'running' || run.status === 'queued';
  return (
    <Card title={t('diagnostics')} explain="charts.diagnostics">
      {diagnostics.length === 0 ? (
        <p className="text-ink-soft">{t(active && run.step < 200 ? 'diagnosticsLater' : 'noDiagnostics')}</p>
      ) : (
        <ul className="flex flex-col gap-3">
          {diagnostics.map((diagnostic) => {
            const { title, text } = words(diagnostic);
            const { suggestion } = diagnostic;
            const change = suggestion?.change;
            const canBranch =
              suggestion?.branchFrom !== undefined &&
              run.checkpoints.some(({ step }) => step <= (suggestion?.branchFrom ?? -1));
            return (
              <li key={diagnostic.kind}>
                <Notice
                  tone={diagnosticTone(diagnostic.kind)}
                  title={title}
                  actions={
                    <>
                      <Button size="small" icon={Search} onClick={() => onShow(diagnostic.step)}>
                        {t('showStep', { step: formatCount(diagnostic.step) })}
                      </Button>
                      {suggestion !== undefined && canBranch && (
                        <Button
                          size="small"
                          icon={GitBranch}
                          onClick={() =>
                            onBranch({
                              step: suggestion.branchFrom ?? diagnostic.step,
                              changes: Object.fromEntries(
                                suggestedChanges(suggestion).map(({ path, value }) => [path, value]),
                              ),
                            })
                          }
                        >
                          {t('branchWith')}
                        </Button>
                      )}
                      {change !== undefined && (
                        <Button size="small" icon={Plus} onClick={() => setRenewing(diagnostic)}>
                          {t('newWith')}
                        </Button>
                      )}
                    </>
                  }
                >
                  <p>{text}</p>
                  {change !== undefined && (
                    <p className="mt-1.5 font-medium">
                      {t(change.from === null ? 'suggestionUnset' : 'suggestion', {
                        setting: settingName(change.path),
                        from: showSetting(change.from),
                        to: showSetting(change.to),
                      })}
                    </p>
                  )}
                </Notice>
              </li>
            );
          })}
        </ul>
      )}
      <NewRunDialog run={run} diagnostic={renewing} onClose={() => setRenewing(undefined)} />
    </Card>
  );
}

/** Begins a run of the same settings but for the one that a diagnostic suggests to change. */
function NewRunDialog({
  run,
  diagnostic,
  onClose,
}: {
  readonly run: RunDetails;
  readonly diagnostic: Diagnostic | undefined;
  readonly onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation('run');
  const navigate = useNavigate();
  const create = useMutation(
    api.runs.create.mutationOptions({
      onSuccess: ({ run: made }) => {
        onClose();
        void navigate({ to: '/runs/$run', params: { run: made } });
      },
      onError: toastError,
    }),
  );
  const suggestion = diagnostic?.suggestion;
  const change = suggestion?.change;
  return (
    <ConfirmDialog
      open={change !== undefined}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('newRunTitle')}
      confirmLabel={t('newRunConfirm')}
      busy={create.isPending}
      onConfirm={() => {
        if (suggestion === undefined) return;
        create.mutate({
          dataset: run.dataset,
          tokenizer: run.tokenizer,
          configuration: applyChanges(run.configuration, suggestedChanges(suggestion)),
          baseName: run.name,
          start: true,
        });
      }}
    >
      {change !== undefined &&
        t('newRunText', { name: run.name, setting: settingName(change.path), to: showSetting(change.to) })}
    </ConfirmDialog>
  );
}
