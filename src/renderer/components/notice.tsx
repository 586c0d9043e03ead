import { CircleAlert, CircleCheck, Info, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { JSX, ReactNode } from 'react';

export type Tone = 'info' | 'success' | 'warning' | 'danger';

const looks: Readonly<
  Record<Tone, { readonly icon: LucideIcon; readonly box: string; readonly ink: string }>
> = {
  info: { icon: Info, box: 'bg-info-soft', ink: 'text-info' },
  success: { icon: CircleCheck, box: 'bg-success-soft', ink: 'text-success' },
  warning: { icon: TriangleAlert, box: 'bg-warning-soft', ink: 'text-warning' },
  danger: { icon: CircleAlert, box: 'bg-danger-soft', ink: 'text-danger' },
};

export interface NoticeProps {
  readonly tone: Tone;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
}

/** Something to know about what stands here. */
export function Notice({ tone, title, children, actions, className = '' }: NoticeProps): JSX.Element {
  const { icon: Icon, box, ink } = looks[tone];
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={`flex items-start gap-2.5 rounded-lg px-3.5 py-2.5 ${box} ${className}`}
    >
      <Icon aria-hidden className={`mt-[3px] size-4 shrink-0 ${ink}`} />
      <div className="min-w-0 flex-1 wrap-break-word">
        {title !== undefined && <p className={`font-semibold ${ink}`}>{title}</p>}
        {children !== undefined && <div className="text-ink">{children}</div>}
        {actions !== undefined && <div className="mt-2 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
