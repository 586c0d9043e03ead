import type { JSX } from 'react';
import type { ConfigurationIssue, SettingChange } from '../../../shared/runs/configuration-issue.ts';
import { explainSetting } from '../../client/architectures.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';

export interface IssueNoticesProps {
  readonly issues: readonly ConfigurationIssue[];
  readonly onCorrect: (changes: readonly SettingChange[]) => void;
  /** Says which setting is meant, where it stands far from it. */
  readonly named?: boolean;
}

/** What does not go together, each with the buttons that correct it; what is refused comes first. */
export function IssueNotices({ issues, onCorrect, named = false }: IssueNoticesProps): JSX.Element | null {
  if (issues.length === 0) return null;
  const ordered = issues.toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  return (
    <div className="flex flex-col gap-2">
      {ordered.map(({ rule, path, severity, what, remedy, corrections }) => (
        <Notice
          key={`${rule} ${path}`}
          tone={severity === 'error' ? 'danger' : 'warning'}
          title={named ? (explainSetting(path)?.name ?? path) : what}
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
