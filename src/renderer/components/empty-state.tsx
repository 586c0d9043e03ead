import type { LucideIcon } from 'lucide-react';
import type { JSX, ReactNode } from 'react';

export interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: ReactNode;
  /** What to do next, in a sentence or two. */
  readonly text?: ReactNode;
  readonly actions?: ReactNode;
}

/** Stands where there is nothing yet, and says how to change that. */
export function EmptyState({ icon: Icon, title, text, actions }: EmptyStateProps): JSX.Element {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-1 px-6 py-14 text-center">
      <span className="mb-2 flex size-11 items-center justify-center rounded-full bg-accent-soft text-accent-text">
        <Icon aria-hidden className="size-5" />
      </span>
      <h2 className="text-lg font-semibold">{title}</h2>
      {text !== undefined && <p className="max-w-md text-ink-soft">{text}</p>}
      {actions !== undefined && <div className="mt-4 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
