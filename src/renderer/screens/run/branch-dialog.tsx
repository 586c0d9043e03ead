import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Undo2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunDetails } from '../../../shared/runs/run-details.ts';
import type { RunParent } from '../../../shared/runs/run.ts';
import { api } from '../../app/client.ts';
import { formatCount, formatLoss } from '../../app/format.ts';
import { useWrongRunName } from '../../app/use-wrong-run-name.ts';
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
import { readSetting, settingName, showSetting, withSetting } from './settings-tree.ts';

/** The settings that a branch is usually made for. */
const offered = [
  { path: 'training.learningRate', step: 0.0001, min: 0 },
  { path: 'training.steps', step: 100, min: 1 },
  { path: 'training.minutes', step: 5, min: 0 },
  { path: 'training.minimumLearningRate', step: 0.00001, min: 0 },
  { path: 'training.batchSize', step: 1, min: 1 },
  { path: 'model.dropout', step: 0.05, min: 0 },
  { path: 'training.weightDecay', step: 0.01, min: 0 },
] as const;

export interface BranchStart {
  readonly step: number;
  /** Settings that are to be changed, by their places, as a remark suggests them. */
  readonly changes?: Readonly<Record<string, unknown>>;
}

export interface BranchDialogProps {
  readonly run: RunDetails;
  /** Undefined: the dialog is closed. */
  readonly start: BranchStart | undefined;
  readonly onClose: () => void;
}

/** Begins a new run with a checkpoint of this one. */
export function BranchDialog({ run, start, onClose }: BranchDialogProps): JSX.Element {
  const { t } = useTranslation('run');
  return (
    <Dialog
      open={start !== undefined}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('branchTitle', { name: run.name })}
      description={t('branchLead')}
    >
      {start !== undefined && <BranchForm run={run} start={start} onClose={onClose} />}
    </Dialog>
  );
}

/** The checkpoint at a step, else the last one before it, else the first. */
function nearestCheckpoint(run: RunDetails, step: number): number | undefined {
  const steps = run.checkpoints.map((checkpoint) => checkpoint.step);
  return steps.findLast((each) => each <= step) ?? steps[0];
}

/** A number of steps takes the place of a time, and the other way round. */
const insteadOf: Readonly<Record<string, string>> = {
  'training.steps': 'training.minutes',
  'training.minutes': 'training.steps',
};

/** Whether the other one of the two was given. */
function isReplaced(changes: Readonly<Record<string, unknown>>, path: string): boolean {
  const other = insteadOf[path];
  return other !== undefined && changes[other] !== undefined;
}

/** What the parent has; of a run that was given a time, the steps that came of it. */
function valueBefore(run: RunDetails, path: string): unknown {
  return readSetting(run.configuration, path) ?? (path === 'training.steps' ? run.steps : undefined);
}

function withChange(
  changes: Readonly<Record<string, unknown>>,
  path: string,
  value: unknown,
): Readonly<Record<string, unknown>> {
  const { [path]: _, ...others } = changes;
  if (value === undefined) return others;
  const { [insteadOf[path] ?? '']: __, ...rest } = others;
  return { ...rest, [path]: value };
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
  const [changes, setChanges] = useState(start.changes ?? {});
  const timed = run.configuration.training.minutes !== undefined;
  const paths = [
    ...offered.map(({ path }) => path).filter((path) => path !== 'training.minutes' || timed),
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
  if (step === undefined) return <p className="text-ink-soft">{t('noCheckpoint')}</p>;

  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        branch.mutate({
          run: run.name,
          step,
          takes,
          ...(name.trim() === '' ? {} : { name: name.trim() }),
          changes: Object.entries(changes).reduce<Readonly<Record<string, unknown>>>(
            (tree, [path, value]) => withSetting(tree, path, value),
            {},
          ),
        });
      }}
    >
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
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-sm font-medium">{t('whatChanges')}</legend>
        <div className="grid grid-cols-2 gap-x-4 gap-y-3">
          {paths.map((path) => (
            <ChangedSetting
              key={path}
              path={path}
              before={isReplaced(changes, path) ? undefined : valueBefore(run, path)}
              value={changes[path]}
              onChange={(value) => setChanges((all) => withChange(all, path, value))}
            />
          ))}
        </div>
      </fieldset>
      <ErrorNotice error={branch.error} />
      <div className="flex justify-end">
        <Button type="submit" variant="primary" busy={branch.isPending} disabled={wrongName !== undefined}>
          {t('branchStart')}
        </Button>
      </div>
    </form>
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
