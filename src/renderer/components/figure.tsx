import type { JSX, ReactNode } from 'react';
import type { Term } from '../../shared/teaching/term.ts';
import type { TermName } from '../../shared/teaching/terms.ts';
import { Explain } from './explain.tsx';

export interface FigureProps {
  readonly label: ReactNode;
  readonly value: ReactNode;
  readonly unit?: ReactNode;
  readonly explain?: TermName | Term | undefined;
  /** A line below, small. */
  readonly note?: ReactNode;
}

/** One number that matters, with its name. */
export function Figure({ label, value, unit, explain, note }: FigureProps): JSX.Element {
  return (
    <div className="min-w-0">
      <div className="flex min-h-5 items-center gap-0.5 text-sm text-ink-faint">
        <span className="truncate">{label}</span>
        {explain !== undefined && <Explain term={explain} />}
      </div>
      <div className="figures truncate text-lg font-semibold">
        {value}
        {unit !== undefined && <span className="ml-1 text-sm font-normal text-ink-faint">{unit}</span>}
      </div>
      {note !== undefined && <div className="text-sm text-ink-faint">{note}</div>}
    </div>
  );
}
