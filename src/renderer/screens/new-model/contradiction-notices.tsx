import type { JSX } from 'react';
import type { Contradiction, SettingChange } from '../../../shared/runs/contradiction.ts';
import { explainSetting } from '../../client/architectures.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';

export interface ContradictionNoticesProps {
  readonly contradictions: readonly Contradiction[];
  readonly onCorrect: (changes: readonly SettingChange[]) => void;
  /** Says which setting is meant, where it stands far from it. */
  readonly named?: boolean;
}

/** What does not go together, each with the buttons that correct it; what is refused comes first. */
export function ContradictionNotices({
  contradictions,
  onCorrect,
  named = false,
}: ContradictionNoticesProps): JSX.Element | null {
  if (contradictions.length === 0) return null;
  const ordered = contradictions.toSorted(
    (a, b) => Number(b.severity === 'refused') - Number(a.severity === 'refused'),
  );
  return (
    <div className="flex flex-col gap-2">
      {ordered.map(({ rule, path, severity, what, remedy, corrections }) => (
        <Notice
          key={`${rule} ${path}`}
          tone={severity === 'refused' ? 'danger' : 'warning'}
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
