import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { LoamError } from '../../../shared/errors.ts';
import { locateJson } from '../../../shared/json-edit.ts';
import { parseJsonWithComments } from '../../../shared/json-with-comments.ts';
import type { RunConfigurationInput } from '../../../shared/runs/configuration.ts';
import type { ConfigurationIssue, SettingChange } from '../../../shared/runs/configuration-issue.ts';
import { inCurrentNames, presets } from '../../client/architectures.ts';
import { api } from '../../client/client.ts';
import type { CodeMark } from '../../components/code-editor/code-marks.ts';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { Loading } from '../../components/loading.tsx';
import { Notice } from '../../components/notice.tsx';
import { Select } from '../../components/select.tsx';
import { editorSchema } from './editor-schema.ts';
import { IssueNotices } from './issue-notices.tsx';
import { configurationText, type Plan } from './plan.ts';

// The editor is large: it comes when it is first wanted.
const CodeEditor = lazy(() => import('../../components/code-editor/code-editor.tsx'));
const CodeDifference = lazy(() => import('../../components/code-editor/code-difference.tsx'));

export interface ConfigurationFileProps {
  readonly plan: Plan;
  readonly issues: readonly ConfigurationIssue[];
  readonly onCorrect: (changes: readonly SettingChange[]) => void;
  /** The file as it is now, and what it says where it can be read. */
  readonly onEdit: (configuration: RunConfigurationInput | undefined, text: string) => void;
}

/** What a file says; an error where it is no object of settings. */
function readFile(text: string): RunConfigurationInput {
  const parsed = parseJsonWithComments(text, 'configuration');
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new LoamError({
      kind: 'input',
      what: 'A configuration is an object with groups of settings, and this is none.',
      remedy: 'It looks like { "training": { "steps": 500 } }.',
    });
  // Editors find the schema by this key; it is no setting.
  const { $schema: _, ...settings } = parsed as Record<string, unknown>;
  return inCurrentNames(settings);
}

/** The settings as the file that a run keeps, with completion, explanations and checks; or beside another run's. */
export function ConfigurationFile({ plan, issues, onCorrect, onEdit }: ConfigurationFileProps): JSX.Element {
  const { t } = useTranslation('new-model');
  const text = plan.text ?? configurationText(plan.configuration);
  const [other, setOther] = useState('nothing');
  const runs = useQuery(api.runs.list.queryOptions());
  const schema = useMemo(() => editorSchema(t), [t]);
  const marks = useMemo(() => marksOf(text, issues), [text, issues]);
  const edit = (next: string): void => {
    if (next === text) return;
    try {
      onEdit(readFile(next), next);
    } catch {
      onEdit(undefined, next);
    }
  };
  return (
    <div className="flex flex-col gap-3">
      <Card flush>
        <div className="flex flex-wrap items-end gap-3 border-b border-line px-4 py-2.5">
          <p className="min-w-0 flex-1 basis-60 text-sm text-ink-soft">{t('fileLead')}</p>
          <Field label={t('compareWith')} className="w-60">
            <Select
              value={other}
              onChange={setOther}
              options={[
                { value: 'nothing', label: t('compareNothing') },
                ...(runs.data ?? []).map(({ name }) => ({
                  value: `run ${name}`,
                  label: t('compareRun', { name }),
                })),
                ...presets().map(({ name }) => ({
                  value: `preset ${name}`,
                  label: t('comparePreset', { name }),
                })),
              ]}
            />
          </Field>
        </div>
        <div className="h-[max(22rem,calc(100vh-24rem))]">
          <Suspense fallback={<Loading label={t('editorLoading')} />}>
            {other === 'nothing' ? (
              <CodeEditor label={t('fileLabel')} value={text} onChange={edit} schema={schema} marks={marks} />
            ) : (
              <Difference other={other} text={text} onEdit={edit} schema={schema} />
            )}
          </Suspense>
        </div>
      </Card>
      <Mistake text={text} />
      <IssueNotices issues={issues} onCorrect={onCorrect} named />
    </div>
  );
}

/** The issues at their places in the file; those of the schema the editor finds by itself. */
function marksOf(text: string, issues: readonly ConfigurationIssue[]): readonly CodeMark[] {
  return issues.flatMap(({ rule, path, severity, what, remedy }): readonly CodeMark[] => {
    const range = rule === 'value' ? undefined : locateJson(text, path.split('.'));
    return range === undefined
      ? []
      : [{ ...range, severity: severity === 'error' ? 'error' : 'warning', message: `${what} ${remedy}` }];
  });
}

/** Where the file cannot be read. */
function Mistake({ text }: { readonly text: string }): JSX.Element | null {
  const { t } = useTranslation('new-model');
  try {
    readFile(text);
    return null;
  } catch (error) {
    return (
      <>
        <ErrorNotice error={error} />
        <Notice tone="info">{t('fileBroken')}</Notice>
      </>
    );
  }
}

function Difference({
  other,
  text,
  onEdit,
  schema,
}: {
  readonly other: string;
  readonly text: string;
  readonly schema: object;
  readonly onEdit: (text: string) => void;
}): JSX.Element {
  const { t } = useTranslation('new-model');
  const [kind = '', ...rest] = other.split(' ');
  const name = rest.join(' ');
  const run = useQuery({ ...api.runs.show.queryOptions({ input: { name } }), enabled: kind === 'run' });
  const configuration =
    kind === 'run'
      ? run.data?.configuration
      : presets().find((preset) => preset.name === name)?.configuration;
  if (configuration === undefined)
    return run.error === null ? <Loading /> : <ErrorNotice error={run.error} className="m-4" />;
  return (
    <CodeDifference
      label={t('compareLabel', { name })}
      original={configurationText(configuration)}
      value={text}
      onChange={onEdit}
      schema={schema}
    />
  );
}
