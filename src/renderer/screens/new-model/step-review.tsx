import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import {
  settingAt,
  type ConfigurationIssue,
  type SettingChange,
} from '../../../shared/runs/configuration-issue.ts';
import type { RunEstimate } from '../../../shared/runs/estimate.ts';
import { engineTitle, engineTitles } from '../../../shared/engines/engine.ts';
import { explainSetting, settingsOf } from '../../client/architectures.ts';
import { formatBytes, formatCount, formatParameters, formatPercent } from '../../format/format.ts';
import { useRunningWork } from '../../jobs/running-work.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Explain } from '../../components/explain.tsx';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { showSetting } from '../../runs/settings-tree.ts';
import { IssueNotices } from './issue-notices.tsx';
import { enginePath, useTrainingEngine } from './engine-setting.tsx';
import { roughTime, rounded } from './rough-figures.ts';
import { baseName, beginningOf, type Plan } from './plan.ts';

export interface ReviewStepProps {
  readonly plan: Plan;
  readonly estimate: RunEstimate | undefined;
  readonly issues: readonly ConfigurationIssue[];
  readonly onChange: (changes: readonly SettingChange[]) => void;
  /** What is wrong with the name. */
  readonly wrongName: string | undefined;
  readonly onName: (name: string) => void;
  /** Leads to the choice of a text, while there is none. */
  readonly onChooseText: (() => void) | undefined;
  /** Leads to the choice of the model to begin with, while there is none. */
  readonly onChooseModel: (() => void) | undefined;
}

/** Everything that will be done, before it is. */
export function ReviewStep({
  plan,
  estimate,
  issues,
  onChange,
  wrongName,
  onName,
  onChooseText,
  onChooseModel,
}: ReviewStepProps): JSX.Element {
  const { t } = useTranslation('new-model');
  const trains = useRunningWork().some(
    (work) => work.kind === 'run' || (work.kind === 'job' && work.job.kind === 'training'),
  );
  return (
    <div className="flex flex-col gap-4">
      {onChooseText !== undefined && (
        <Notice
          tone="danger"
          title={t('reviewNoText')}
          actions={
            <Button size="small" onClick={onChooseText}>
              {t('chooseText')}
            </Button>
          }
        />
      )}
      {onChooseModel !== undefined && (
        <Notice
          tone="danger"
          title={t('reviewNoModel')}
          actions={
            <Button size="small" onClick={onChooseModel}>
              {t('chooseModel')}
            </Button>
          }
        />
      )}
      <IssueNotices issues={issues} onCorrect={onChange} named />
      {estimate !== undefined && <Doings plan={plan} estimate={estimate} />}
      {trains && <Notice tone="info">{t('queueNote')}</Notice>}
      <div className="max-w-md">
        <Field label={t('name')} hint={t('nameHint', { base: baseName(plan) })} error={wrongName}>
          <TextInput value={plan.name} onChange={onName} placeholder={`${baseName(plan)}-…`} maxLength={80} />
        </Field>
      </div>
      <ChangedSettings plan={plan} />
    </div>
  );
}

function Doings({ plan, estimate }: { readonly plan: Plan; readonly estimate: RunEstimate }): JSX.Element {
  const { t } = useTranslation('new-model');
  const { vocabulary, text, training, parameters, disk } = estimate;
  const engine = useTrainingEngine(plan.configuration);
  const dataset = plan.dataset ?? '';
  const size = formatCount(vocabulary.size);
  const allTokens = text.trainTokens + text.validationTokens;
  const tokens = formatCount(text.counted ? allTokens : rounded(allTokens));
  const share = text.validationTokens / Math.max(1, allTokens);
  const kept = Number(settingAt(plan.configuration, 'training.keepCheckpoints') ?? 2);
  const exactSteps = settingAt(plan.configuration, 'training.minutes') === undefined;
  const char = settingAt(plan.configuration, 'tokenizer.kind') === 'char';
  const start = plan.start?.model;
  const all = formatParameters(parameters.total);
  const learning =
    parameters.learning === parameters.total
      ? all
      : t('someParameters', { learning: formatParameters(parameters.learning), all });
  const doings = [
    ...(start === undefined ? [] : [t('planStart', { model: start.reference, parameters: all })]),
    start !== undefined
      ? t('planTokenizerOfModel', { size })
      : vocabulary.tokenizer !== undefined
        ? t('planTokenizerExisting', { name: vocabulary.tokenizer, size })
        : char
          ? t('planTokenizerChar', { dataset })
          : t('planTokenizerNew', { size, dataset }),
    t('planEncode', {
      dataset,
      tokens: text.counted ? tokens : t('about', { what: tokens }),
      share: formatPercent(share),
    }),
    t(engine === undefined ? 'planTrain' : 'planTrainWith', {
      count: training.steps,
      engine: engine === undefined ? '' : engineTitles[engine],
      parameters: learning,
      steps: formatCount(exactSteps ? training.steps : rounded(training.steps)),
      time: t('about', { what: roughTime(training.seconds.expected) }),
    }),
    t('planEvaluate', { count: training.evaluations }),
    `${t('planKeep', { count: kept })}: ${
      disk.free === null
        ? t('planDiskUnknown', { size: formatBytes(disk.total) })
        : t('planDisk', { size: formatBytes(disk.total), free: formatBytes(disk.free) })
    }`,
  ];
  return (
    <Card>
      <ol className="flex flex-col gap-2">
        {doings.map((doing, index) => (
          <li key={doing} className="flex gap-3">
            <span
              aria-hidden
              className="figures flex size-5.5 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent-text"
            >
              {index + 1}
            </span>
            <span className="min-w-0 wrap-break-word">{doing}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** What each setting of a configuration's own model is where the configuration leaves it out. */
function defaultsOf(configuration: unknown): ReadonlyMap<string, unknown> {
  // Left out, the engine is the studio's usual one, and not what the file's schema would fill in.
  return new Map(
    settingsOf(configuration).map(({ path, default: filledIn }) => [
      path,
      path === enginePath ? undefined : filledIn,
    ]),
  );
}

/** The settings in which the plan is not what it began with. */
function ChangedSettings({ plan }: { readonly plan: Plan }): JSX.Element {
  const { t } = useTranslation('new-model');
  const beginning = beginningOf(plan);
  const usual = { before: defaultsOf(beginning.configuration), now: defaultsOf(plan.configuration) };
  // A setting that the plan's model does not have is none of it, whatever the one before had.
  const changed = [...usual.now.keys()].flatMap((path) => {
    const before = settingAt(beginning.configuration, path) ?? usual.before.get(path);
    const now = settingAt(plan.configuration, path) ?? usual.now.get(path);
    return before === now ? [] : [{ path, before, now }];
  });
  const ofModel = beginning.kind === 'model';
  if (changed.length === 0)
    return (
      <p className="text-sm text-ink-faint">
        {t(ofModel ? 'noneChangedOfModel' : 'noneChanged', { beginning: beginning.name })}
      </p>
    );
  const shown = (path: string, value: unknown) => {
    if (value === undefined || value === null || value === '') return t('automatic');
    return path === enginePath ? engineTitle(showSetting(value)) : showSetting(value);
  };
  return (
    <Card title={t(ofModel ? 'changedFromModel' : 'changedSettings', { beginning: beginning.name })} flush>
      <table className="w-full text-left">
        <thead className="text-sm text-ink-faint">
          <tr>
            <th className="px-4 py-1.5 font-medium">{t('setting')}</th>
            <th className="px-4 py-1.5 font-medium">{t(ofModel ? 'modelValue' : 'presetValue')}</th>
            <th className="px-4 py-1.5 font-medium">{t('yourValue')}</th>
          </tr>
        </thead>
        <tbody>
          {changed.map(({ path, before, now }) => (
            <tr key={path} className="border-t border-line">
              <td className="px-4 py-1.5">
                <span className="inline-flex items-center gap-1">
                  {explainSetting(path)?.name ?? path}
                  <Explain setting={path} />
                </span>
              </td>
              <td className="figures px-4 py-1.5 text-ink-soft">{shown(path, before)}</td>
              <td className="figures px-4 py-1.5 font-medium">{shown(path, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
