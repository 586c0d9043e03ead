import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Redo2, RotateCcw, Undo2 } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingChange } from '../../../shared/runs/configuration-issue.ts';
import { withTexts } from '../../../shared/datasets/dataset.ts';
import { api } from '../../client/client.ts';
import { useWrongRunName } from '../../runs/use-wrong-run-name.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { Page } from '../../components/page.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import { ConfigurationFile } from './configuration-file.tsx';
import { EstimatePanel } from './estimate-panel.tsx';
import { lacksStartModel } from './plan-start.ts';
import { baseName, freshPlan, withChanges } from './plan.ts';
import { withPreferredTokenizer } from './preferred-tokenizer.ts';
import { Preparation } from './preparation.tsx';
import { StepContent } from './step-content.tsx';
import { StepFooter } from './step-footer.tsx';
import { StepList } from './step-list.tsx';
import { issuesOf, steps, type Step } from './steps.ts';
import { useBeginning } from './use-beginning.ts';
import { plannedRun, useEstimate } from './use-estimate.ts';
import { usePlan } from './use-plan.ts';
import { forgetStarted, useStarted } from './use-started.ts';

/** From an idea to a run in five steps. */
export function NewModelScreen(): JSX.Element {
  const { t } = useTranslation('new-model');
  const search = useSearch({ from: '/project/new-model' });
  const navigate = useNavigate({ from: '/new-model' });
  const { plan: kept, change, undo, redo } = usePlan();
  const tokenizers = useQuery(api.tokenizers.list.queryOptions());
  const plan = useMemo(() => withPreferredTokenizer(kept, tokenizers.data ?? []), [kept, tokenizers.data]);
  const estimate = useEstimate(plan);
  const datasets = useQuery(api.datasets.list.queryOptions({ select: withTexts }));
  const [started, setStarted] = useStarted();
  const [asFile, setAsFile] = useState(false);
  const [resetting, setResetting] = useState(false);
  const [insists, setInsists] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  const step = search.step ?? 'goal';
  const at = steps.indexOf(step);
  const issues = estimate.answer?.issues ?? [];
  const refused = issues.filter(({ severity }) => severity === 'error');
  const wrongName = useWrongRunName(plan.name);
  const missingText = datasets.data !== undefined && !datasets.data.some(({ name }) => name === plan.dataset);
  const missingModel = lacksStartModel(plan);
  const isWrong = (wanted: Step) =>
    wanted === 'data'
      ? missingText
      : (wanted === 'model' && missingModel) || issuesOf(wanted, refused).length > 0;

  const blocked =
    isWrong(step) ||
    (step === 'review' && (missingText || missingModel || refused.length > 0 || wrongName !== undefined));

  const goTo = (wanted: Step): void => {
    setInsists(false);
    void navigate({ search: { step: wanted } });
  };
  const correct = (changes: readonly SettingChange[]) =>
    change(changes.map(({ path }) => path).join(' '), (before) => {
      const changed = withChanges(before, changes);
      const own = before.start === undefined && changes.some(({ path }) => path.startsWith('model.'));
      return own ? { ...changed, own: true } : changed;
    });

  useBeginning({ plan, change }, datasets.data);

  useEffect(() => {
    heading.current?.focus();
  }, [step]);

  const create = useMutation(
    api.runs.create.mutationOptions({ onSuccess: ({ job, run }) => setStarted({ job, run }) }),
  );
  const begin = (start: boolean): void => {
    const planned = plannedRun(plan);
    if (planned === undefined) return;
    const { name } = plan;
    create.mutate({
      ...planned,
      start,
      baseName: baseName(plan),
      ...(name.trim() === '' ? {} : { name: name.trim() }),
    });
  };
  const submit = (start: boolean): void => {
    if (create.isPending) return;
    if (blocked) {
      setInsists(true);
      return;
    }
    const following = steps[at + 1];
    if (following === undefined) begin(start);
    else goTo(following);
  };

  if (started !== undefined)
    return (
      <Page title={t('title')} lead={t('lead')}>
        <div className="max-w-3xl">
          <Preparation
            job={started.job}
            run={started.run}
            onPrepared={() => change('started', ({ dataset }) => freshPlan(dataset))}
            onLeave={forgetStarted}
            onBack={() => {
              setStarted(undefined);
              create.reset();
            }}
            onPlanAnother={() => {
              setStarted(undefined);
              create.reset();
              goTo('goal');
            }}
          />
        </div>
      </Page>
    );

  const hasSettings = step === 'model' || step === 'budget' || step === 'review';
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      mark={
        plan.from === undefined ? undefined : <Badge tone="info">{t('fromRun', { name: plan.from })}</Badge>
      }
      actions={
        <>
          {hasSettings && (
            <SegmentedControl
              label={t('view')}
              value={asFile ? 'file' : 'form'}
              onChange={(view) => setAsFile(view === 'file')}
              size="medium"
              options={[
                { value: 'form', label: t('asForm') },
                { value: 'file', label: t('asFile') },
              ]}
            />
          )}
          <IconButton label={t('undo')} icon={Undo2} disabled={undo === undefined} onClick={undo} />
          <IconButton label={t('redo')} icon={Redo2} disabled={redo === undefined} onClick={redo} />
          <Button icon={RotateCcw} variant="quiet" onClick={() => setResetting(true)}>
            {t('reset')}
          </Button>
        </>
      }
    >
      <StepList
        current={step}
        wrong={new Set(steps.filter((each) => isWrong(each) && steps.indexOf(each) <= at))}
        onStep={goTo}
      />
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit(true);
        }}
        className="flex min-h-0 flex-1 flex-col gap-4"
      >
        <div>
          <h2
            ref={heading}
            tabIndex={-1}
            onKeyDown={(event) => {
              if (event.key === 'Enter') form.current?.requestSubmit();
            }}
            className="text-lg font-semibold outline-none"
          >
            <span className="sr-only">{t('stepOf', { number: at + 1, total: steps.length })}: </span>
            {t(`${step}Heading`)}
          </h2>
          <p className="text-ink-soft">{t(`${step}Lead`)}</p>
        </div>
        <div
          className={`grid min-w-0 items-start gap-5 ${hasSettings ? 'lg:grid-cols-[minmax(0,1fr)_21rem]' : 'max-w-3xl'}`}
        >
          <div className="min-w-0">
            {hasSettings && asFile ? (
              <ConfigurationFile
                plan={plan}
                issues={issues}
                onCorrect={correct}
                onEdit={(configuration, text) =>
                  change('file', (before) => ({
                    ...before,
                    text,
                    ...(configuration === undefined
                      ? {}
                      : { configuration, own: before.start === undefined }),
                  }))
                }
              />
            ) : (
              <StepContent
                step={step}
                plan={plan}
                change={change}
                onCorrect={correct}
                estimate={estimate}
                issues={issues}
                insists={insists}
                wrongName={wrongName}
                onChooseText={missingText ? () => goTo('data') : undefined}
                onChooseModel={missingModel ? () => goTo('model') : undefined}
                onName={(name) => {
                  create.reset();
                  change('name', (before) => ({ ...before, name }));
                }}
              />
            )}
          </div>
          {hasSettings && (
            <div className="lg:sticky lg:top-4 lg:max-h-[calc(100vh-5.5rem)] lg:overflow-y-auto">
              <EstimatePanel plan={plan} estimate={estimate} />
            </div>
          )}
        </div>
        <StepFooter
          step={step}
          error={create.error}
          refused={insists && blocked && wrongName === undefined}
          missing={step === 'review' ? wrongName : undefined}
          busy={create.isPending}
          onStep={goTo}
          onPrepareOnly={() => submit(false)}
        />
      </form>
      <ConfirmDialog
        open={resetting}
        onOpenChange={setResetting}
        title={t('resetTitle')}
        confirmLabel={t('reset')}
        onConfirm={() => {
          change('reset', ({ dataset }) => freshPlan(dataset));
          setResetting(false);
          goTo('goal');
        }}
      >
        {t('resetText')}
      </ConfirmDialog>
    </Page>
  );
}
