import { useEffect, type JSX, type ReactNode } from 'react';

export interface PageProps {
  readonly title: string;
  /** One sentence: what one does here. */
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Takes the window's whole height, for a screen whose parts scroll by themselves. */
  readonly fill?: boolean;
  /** Beside the title, small. */
  readonly mark?: ReactNode;
}

/** A screen: its title, what to do there, and the rest. */
export function Page({ title, lead, actions, children, fill = false, mark }: PageProps): JSX.Element {
  useEffect(() => {
    document.title = `${title} – Loam`;
  }, [title]);
  return (
    <div className={`flex min-w-0 flex-col px-6 pt-5 pb-8 ${fill ? 'h-full min-h-0 pb-5' : 'min-h-full'}`}>
      <header className="mb-5 flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <div className="flex flex-wrap items-center gap-2.5">
            <h1 className="truncate text-xl font-semibold tracking-tight">{title}</h1>
            {mark}
          </div>
          {lead !== undefined && <p className="mt-0.5 max-w-3xl text-ink-soft">{lead}</p>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      <div className={`flex min-w-0 flex-1 flex-col gap-4 ${fill ? 'min-h-0' : ''}`}>{children}</div>
    </div>
  );
}
