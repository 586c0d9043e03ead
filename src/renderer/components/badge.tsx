import type { JSX, ReactNode } from 'react';

export type BadgeTone = 'neutral' | 'accent' | 'info' | 'success' | 'warning' | 'danger';

const tones: Readonly<Record<BadgeTone, string>> = {
  neutral: 'bg-sunken text-ink-soft border border-line',
  accent: 'bg-accent-soft text-accent-text',
  info: 'bg-info-soft text-info',
  success: 'bg-success-soft text-success',
  warning: 'bg-warning-soft text-warning',
  danger: 'bg-danger-soft text-danger',
};

export interface BadgeProps {
  readonly tone?: BadgeTone;
  /** A dot before it that pulses while something goes on. */
  readonly live?: boolean;
  readonly children: ReactNode;
}

/** A word on what something is or does. */
export function Badge({ tone = 'neutral', live = false, children }: BadgeProps): JSX.Element {
  return (
    <span
      className={`inline-flex h-5 items-center gap-1.5 rounded-full px-2 text-xs font-medium whitespace-nowrap ${tones[tone]}`}
    >
      {live && <span aria-hidden className="size-1.5 animate-pulse rounded-full bg-current" />}
      {children}
    </span>
  );
}
