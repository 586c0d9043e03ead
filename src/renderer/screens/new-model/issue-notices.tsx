import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConfigurationIssue, SettingChange } from '../../../shared/runs/configuration-issue.ts';
import { explainSetting } from '../../client/architectures.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { startModelPath } from './steps.ts';

export interface IssueNoticesProps {
  readonly issues: readonly ConfigurationIssue[];
  readonly onCorrect: (changes: readonly SettingChange[]) => void;
  /** Says which setting is meant, where it stands far from it. */
  readonly named?: boolean;
}

/** What does not go together, each with the buttons that correct it; what is refused comes first. */
export function IssueNotices({ issues, onCorrect, named = false }: IssueNoticesProps): JSX.Element | null {
  const { t } = useTranslation('new-model');
  if (issues.length === 0) return null;
  const nameOf = (path: string): string =>
    path === startModelPath ? t('startModel') : (explainSetting(path)?.name ?? path);
  const ordered = issues.toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  return (
    <div className="flex flex-col gap-2">
      {ordered.map(({ rule, path, severity, what, remedy, corrections }) => (
        <Notice
          key={`${rule} ${path}`}
          tone={severity === 'error' ? 'danger' : 'warning'}
          title={named ? nameOf(path) : what}
          actions={
            corrections.length === 0
              ? undefined
              : corrections.map(({ label, changes }) => (
                  <Button key={label} size="small" onClick={() => onCorrect(changes)}>
                    {label}
                  </Button>
                ))
          }
        >
          {named && <p>{what}</p>}
          <p>{remedy}</p>
        </Notice>
      ))}
    </div>
  );
}
