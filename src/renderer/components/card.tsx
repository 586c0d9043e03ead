import { useId, type JSX, type ReactNode } from 'react';
import type { Term } from '../../shared/teaching/term.ts';
import type { TermName } from '../../shared/teaching/terms.ts';
import { Explain } from './explain.tsx';

export interface CardProps {
  readonly title?: ReactNode;
  readonly explain?: TermName | Term | undefined;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Without inner distance, for a table that reaches the edges. */
  readonly flush?: boolean;
  readonly className?: string;
}

/** A part of a screen with a title of its own. */
export function Card({
  title,
  explain,
  actions,
  children,
  flush = false,
  className = '',
}: CardProps): JSX.Element {
  const id = useId();
  const headed = title !== undefined || actions !== undefined;
  return (
    <section
      aria-labelledby={title === undefined ? undefined : id}
      className={`flex min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-surface shadow-card ${className}`}
    >
      {headed && (
        <header
          className={`flex min-h-11 flex-wrap items-center gap-2 px-4 py-1.5 ${flush ? 'border-b border-line' : ''}`}
        >
          {title !== undefined && (
            <h2 id={id} className="flex min-w-0 flex-1 items-center gap-1 font-semibold">
              <span className="min-w-0 truncate">{title}</span>
              {explain !== undefined && <Explain term={explain} />}
            </h2>
          )}
          {actions}
        </header>
      )}
      <div className={`min-h-0 min-w-0 flex-1 ${flush ? '' : headed ? 'px-4 pb-4' : 'p-4'}`}>{children}</div>
    </section>
  );
}
