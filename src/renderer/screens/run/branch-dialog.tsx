import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Undo2 } from 'lucide-react';
import { useId, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunDetails } from '../../../shared/runs/run-details.ts';
import type { RunParent } from '../../../shared/runs/run.ts';
import { api } from '../../client/client.ts';
import { formatCount, formatLoss } from '../../format/format.ts';
import { useWrongRunName } from '../../runs/use-wrong-run-name.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { NumberInput } from '../../components/number-input.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import { Select } from '../../components/select.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { toast } from '../../components/toast.tsx';
import { budgetChange, budgetIn, trainsNothing, usualBudget, withoutBudget } from './branch-budget.ts';
import { readSetting, settingName, showSetting, withSetting } from '../../runs/settings-tree.ts';

/** The settings that a branch is usually made for. */
const offered = [
  { path: 'training.learningRate', step: 0.0001, min: 0 },
  { path: 'training.minimumLearningRate', step: 0.00001, min: 0 },
  { path: 'training.batchSize', step: 1, min: 1 },
  { path: 'model.dropout', step: 0.05, min: 0 },
  { path: 'training.weightDecay', step: 0.01, min: 0 },
] as const;

type Changes = Readonly<Record<string, unknown>>;

export interface BranchStart {
  readonly step: number;
  /** Settings that are to be changed, by their places, as a diagnostic suggests them. */
  readonly changes?: Readonly<Record<string, unknown>>;
}

export interface BranchDialogProps {
  readonly run: RunDetails;
  /** Undefined: the dialog is closed. */
  readonly start: BranchStart | undefined;
  readonly onClose: () => void;
}

/** Begins a new run with a checkpoint of this one. */
export function BranchDialog({ run, start, onClose }: BranchDialogProps): JSX.Element | null {
  return start === undefined ? null : <BranchForm run={run} start={start} onClose={onClose} />;
}

/** The checkpoint at a step, else the last one before it, else the first. */
function nearestCheckpoint(run: RunDetails, step: number): number | undefined {
  const steps = run.checkpoints.map((checkpoint) => checkpoint.step);
  return steps.findLast((each) => each <= step) ?? steps[0];
}

function withChange(changes: Changes, path: string, value: unknown): Changes {
  const { [path]: _, ...others } = changes;
  return value === undefined ? others : { ...others, [path]: value };
}

function BranchForm({
  run,
  start,
  onClose,
}: {
  readonly run: RunDetails;
  readonly start: BranchStart;
  readonly onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation('run');
  const navigate = useNavigate();
  const [step, setStep] = useState(() => nearestCheckpoint(run, start.step));
  const [takes, setTakes] = useState<RunParent['takes']>('everything');
  const [name, setName] = useState('');
  const form = useId();
  const [given, setGiven] = useState(() => budgetIn(start.changes ?? {}));
  const [changes, setChanges] = useState(() => withoutBudget(start.changes ?? {}));
  const paths = [
    ...offered.map(({ path }) => path),
    ...Object.keys(changes).filter((path) => offered.every((each) => each.path !== path)),
  ];
  const branch = useMutation(
    api.runs.branch.mutationOptions({
      onSuccess: (made, { step: from }) => {
        toast({
          title: t('branched', { name: made.name, step: formatCount(from), parent: run.name }),
          tone: 'success',
        });
        onClose();
        void navigate({ to: '/runs/$run', params: { run: made.name } });
      },
    }),
  );
  const wrongName = useWrongRunName(name);
  const around = { open: true, onOpenChange: onClose, title: t('branchTitle', { name: run.name }) };
  if (step === undefined)
    return (
      <Dialog {...around} actions={<Button onClick={onClose}>{t('cancel')}</Button>}>
        <p className="text-ink-soft">{t('noCheckpoint')}</p>
      </Dialog>
    );

  const budget = given ?? usualBudget(run, { step, takes });
  const nothingTrained = trainsNothing(budget, { step, takes });
  const ready = wrongName === undefined && budget.value !== null && !nothingTrained;
  const all = { ...changes, ...budgetChange(run, budget) };
  const input = {
    run: run.name,
    step,
    takes,
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    changes: Object.entries(all).reduce<Readonly<Record<string, unknown>>>(
      (tree, [path, value]) => withSetting(tree, path, value),
      {},
    ),
  };
  // What was said against other settings does not hold for these.
  const isAnswer = JSON.stringify(branch.variables) === JSON.stringify(input);

  return (
    <Dialog
      {...around}
      description={t('branchLead')}
      actions={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" form={form} variant="primary" busy={branch.isPending} disabled={!ready}>
            {t('branchStart')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) branch.mutate(input);
        }}
      >
        {isAnswer && <ErrorNotice error={branch.error} />}
        <div className="grid grid-cols-2 gap-4">
          <Field label={t('branchCheckpoint')} explain="training.checkpoint">
            <Select
              value={String(step)}
              onChange={(value) => setStep(Number(value))}
              options={run.checkpoints.toReversed().map((checkpoint) => ({
                value: String(checkpoint.step),
                label: t('checkpointOption', { step: formatCount(checkpoint.step) }),
                hint: [
                  ...(checkpoint.best ? [t('best')] : []),
                  ...(checkpoint.loss === undefined
                    ? []
                    : [t('checkpointLoss', { loss: formatLoss(checkpoint.loss) })]),
                ].join(', '),
              }))}
            />
          </Field>
          <Field label={t('branchName')} error={wrongName}>
            <TextInput
              value={name}
              onChange={setName}
              placeholder={t('branchNamePlaceholder', { name: run.name })}
            />
          </Field>
        </div>
        <div className="flex flex-col items-start gap-1.5">
          <span className="text-sm font-medium">{t('takes')}</span>
          <SegmentedControl
            label={t('takes')}
            value={takes}
            onChange={setTakes}
            options={[
              { value: 'everything', label: t('takesEverything') },
              { value: 'weights', label: t('takesWeights') },
            ]}
          />
          <p className="text-sm text-ink-faint">
            {t(takes === 'everything' ? 'takesEverythingHint' : 'takesWeightsHint')}
          </p>
        </div>
        <Field
          label={t('branchLength')}
          setting={budget.unit === 'steps' ? 'training.steps' : 'training.minutes'}
          hint={t(
            budget.unit === 'minutes'
              ? 'branchMinutesHint'
              : takes === 'everything'
                ? 'branchStepsHint'
                : 'branchStepsAnewHint',
            { count: step, done: formatCount(step) },
          )}
          error={nothingTrained ? t('branchNothingTrained', { step: formatCount(step) }) : undefined}
        >
          <div className="flex items-center gap-2">
            <NumberInput
              value={budget.value}
              onChange={(value) => setGiven({ unit: budget.unit, value })}
              min={budget.unit === 'steps' ? 1 : 0.1}
              step={budget.unit === 'steps' ? 100 : 5}
              className="w-44"
            />
            <SegmentedControl
              label={t('branchLengthUnit')}
              value={budget.unit}
              onChange={(unit) => setGiven(usualBudget(run, { step, takes }, unit))}
              options={[
                { value: 'steps', label: t('branchInSteps') },
                { value: 'minutes', label: t('branchInMinutes') },
              ]}
            />
          </div>
        </Field>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-sm font-medium">{t('whatChanges')}</legend>
          <div className="grid grid-cols-2 gap-x-4 gap-y-3">
            {paths.map((path) => (
              <ChangedSetting
                key={path}
                path={path}
                before={readSetting(run.configuration, path)}
                value={changes[path]}
                onChange={(value) => setChanges((before) => withChange(before, path, value))}
              />
            ))}
          </div>
        </fieldset>
      </form>
    </Dialog>
  );
}

interface ChangedSettingProps {
  readonly path: string;
  readonly before: unknown;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** One setting with the parent's value, until another is given. */
function ChangedSetting({ path, before, value, onChange }: ChangedSettingProps): JSX.Element {
  const { t } = useTranslation('run');
  const known = offered.find((each) => each.path === path);
  const shown = value ?? before;
  const changed = value !== undefined && value !== before;
  return (
    <Field
      label={settingName(path)}
      setting={path}
      hint={changed ? t('changedFrom', { value: showSetting(before) }) : undefined}
    >
      <div className="flex items-center gap-1">
        <NumberInput
          value={typeof shown === 'number' ? shown : null}
          onChange={(next) => onChange(next === null || next === before ? undefined : next)}
          min={known?.min}
          step={known?.step ?? 1}
          className="min-w-0 flex-1"
        />
        <IconButton
          label={t('resetChange', { setting: settingName(path) })}
          icon={Undo2}
          disabled={!changed}
          onClick={() => onChange(undefined)}
        />
      </div>
    </Field>
  );
}
