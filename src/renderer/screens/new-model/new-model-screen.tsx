import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowLeft, ArrowRight, Play, Redo2, RotateCcw, Undo2 } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Contradiction, SettingChange } from '../../../shared/runs/contradiction.ts';
import { api, client } from '../../app/client.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { Page } from '../../components/page.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import { toastError } from '../../components/toast.tsx';
import { ConfigurationFile } from './configuration-file.tsx';
import { EstimatePanel } from './estimate-panel.tsx';
import {
  baseName,
  freshPlan,
  planOfRun,
  withChanges,
  withMinutes,
  withPreset,
  withPresetBudget,
  withSteps,
} from './plan.ts';
import { Preparation } from './preparation.tsx';
import { BudgetStep } from './step-budget.tsx';
import { DataStep } from './step-data.tsx';
import { likelyText } from './text-size.ts';
import { GoalStep } from './step-goal.tsx';
import { StepList } from './step-list.tsx';
import { ModelStep } from './step-model.tsx';
import { ReviewStep } from './step-review.tsx';
import { steps, type Step } from './steps.ts';
import { useEstimate } from './use-estimate.ts';
import { usePlan } from './use-plan.ts';
import { useStarted } from './use-started.ts';
import { useWrongName } from './use-wrong-name.ts';

/** The step in which a setting is changed. */
function stepOf(path: string): Step {
  return path.startsWith('model.') || path.startsWith('tokenizer.') ? 'model' : 'budget';
}

/** From an idea to a run in five steps. */
export function NewModelScreen(): JSX.Element {
  const { t } = useTranslation('new-model');
  const search = useSearch({ from: '/project/new-model' });
  const navigate = useNavigate({ from: '/new-model' });
  const { plan, change, undo, redo } = usePlan();
  const estimate = useEstimate(plan);
  const datasets = useQuery(api.datasets.list.queryOptions());
  const [started, setStarted] = useStarted();
  const [asFile, setAsFile] = useState(false);
  const [resetting, setResetting] = useState(false);
  const [insists, setInsists] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  const step = search.step ?? 'goal';
  const at = steps.indexOf(step);
  const contradictions = estimate.answer?.contradictions ?? [];
  const refused = contradictions.filter(({ severity }) => severity === 'refused');
  const ofStep = (wanted: Step, among: readonly Contradiction[]) =>
    among.filter(({ path }) => stepOf(path) === wanted);
  const wrongName = useWrongName(plan.name);
  const missingText = datasets.data !== undefined && !datasets.data.some(({ name }) => name === plan.dataset);
  const isWrong = (wanted: Step) => (wanted === 'data' ? missingText : ofStep(wanted, refused).length > 0);

  const blocked =
    isWrong(step) || (step === 'review' && (missingText || refused.length > 0 || wrongName !== undefined));

  const goTo = (wanted: Step): void => {
    setInsists(false);
    void navigate({ search: { step: wanted } });
  };
  const correct = (changes: readonly SettingChange[]) =>
    change(changes.map(({ path }) => path).join(' '), (before) => {
      const changed = withChanges(before, changes);
      return changes.some(({ path }) => path.startsWith('model.')) ? { ...changed, own: true } : changed;
    });

  // The text is the likely one, until the person chooses another.
  const chooseText = useEffectEvent((name: string) => {
    if (plan.dataset === undefined) change('dataset', (before) => ({ ...before, dataset: name }));
  });
  const likely = datasets.data === undefined ? undefined : likelyText(datasets.data)?.name;
  useEffect(() => {
    if (likely !== undefined) chooseText(likely);
  }, [likely]);

  // What a link brings along is taken over once, and then belongs to the plan.
  const takeOver = useEffectEvent(async (dataset: string | undefined, run: string | undefined) => {
    if (run !== undefined) {
      try {
        const details = await client.runs.show({ name: run });
        change('from', () => planOfRun(details));
      } catch (error) {
        toastError(error);
      }
    } else if (dataset !== undefined) change('dataset', (before) => ({ ...before, dataset }));
    void navigate({ search: { step: search.step }, replace: true });
  });
  useEffect(() => {
    if (search.dataset !== undefined || search.from !== undefined) void takeOver(search.dataset, search.from);
  }, [search.dataset, search.from]);

  useEffect(() => {
    heading.current?.focus();
  }, [step]);

  const create = useMutation(
    api.runs.create.mutationOptions({ onSuccess: ({ job, run }) => setStarted({ job, run }) }),
  );
  const begin = (start: boolean): void => {
    const { dataset, tokenizer, configuration, name } = plan;
    if (dataset === undefined) return;
    create.mutate({
      dataset,
      configuration,
      start,
      baseName: baseName(plan),
      ...(tokenizer === undefined ? {} : { tokenizer }),
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
            onDone={() => {
              setStarted(undefined);
              change('started', ({ dataset }) => freshPlan(dataset));
            }}
            onBack={() => setStarted(undefined)}
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
                contradictions={contradictions}
                onCorrect={correct}
                onEdit={(configuration, text) =>
                  change('file', (before) => ({
                    ...before,
                    text,
                    ...(configuration === undefined ? {} : { configuration, own: true }),
                  }))
                }
              />
            ) : (
              body()
            )}
          </div>
          {hasSettings && (
            <div className="lg:sticky lg:top-4 lg:max-h-[calc(100vh-5.5rem)] lg:overflow-y-auto">
              <EstimatePanel plan={plan} estimate={estimate} />
            </div>
          )}
        </div>
        <footer className="sticky bottom-0 z-10 -mx-6 mt-auto -mb-8 flex flex-wrap items-center gap-2 border-t border-line bg-canvas px-6 py-3">
          {step === 'review' && <ErrorNotice error={create.error} className="w-full" />}
          {at > 0 && (
            <Button icon={ArrowLeft} onClick={() => goTo(steps[at - 1] ?? 'goal')}>
              {t('back')}
            </Button>
          )}
          {insists && blocked && (
            <p role="alert" className="text-danger">
              {t('mustCorrect')}
            </p>
          )}
          <span className="flex-1" />
          {step === 'review' && (
            <Button variant="quiet" title={t('prepareOnlyHint')} onClick={() => submit(false)}>
              {t('prepareOnly')}
            </Button>
          )}
          <Button
            type="submit"
            variant="primary"
            icon={step === 'review' ? Play : ArrowRight}
            busy={create.isPending}
          >
            {t(step === 'review' ? 'start' : 'next')}
          </Button>
        </footer>
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

  function body(): JSX.Element {
    switch (step) {
      case 'goal':
        return <GoalStep />;
      case 'data':
        return (
          <DataStep
            dataset={plan.dataset}
            onChange={(dataset) => change('dataset', (before) => ({ ...before, dataset }))}
          />
        );
      case 'model':
        return (
          <ModelStep
            plan={plan}
            contradictions={ofStep('model', contradictions)}
            onPreset={(name) => change('preset', (before) => withPreset(before, name))}
            onOwn={() => change('preset', (before) => ({ ...before, own: true }))}
            onChange={correct}
            onTokenizer={(tokenizer, changes) =>
              change('tokenizer', (before) => {
                const { tokenizer: _, ...changed } = withChanges(before, changes);
                return tokenizer === undefined ? changed : { ...changed, tokenizer };
              })
            }
          />
        );
      case 'budget':
        return (
          <BudgetStep
            plan={plan}
            contradictions={ofStep('budget', contradictions)}
            onPresetBudget={() => change('budget', withPresetBudget)}
            onMinutes={(budget, minutes) =>
              change('budget', (before) => withMinutes(before, budget, minutes))
            }
            onSteps={(count) => change('budget', (before) => withSteps(before, count))}
            onChange={correct}
          />
        );
      case 'review':
        return (
          <ReviewStep
            plan={plan}
            estimate={estimate.answer?.estimate}
            contradictions={contradictions}
            onChange={correct}
            wrongName={wrongName}
            onChooseText={missingText ? () => goTo('data') : undefined}
            onName={(name) => {
              create.reset();
              change('name', (before) => ({ ...before, name }));
            }}
          />
        );
      default:
        return step satisfies never;
    }
  }
}
