import { Progress } from '@base-ui/react/progress';
import type { JSX } from 'react';

export interface ProgressBarProps {
  /** From 0 to 1; absent where nobody knows how much there is to do. */
  readonly value?: number | null | undefined;
  /** What progresses, read aloud. */
  readonly label: string;
  readonly tone?: 'accent' | 'danger' | 'quiet';
  readonly className?: string;
}

const tones = { accent: 'bg-accent', danger: 'bg-danger', quiet: 'bg-line-strong' } as const;

/** How far something is. */
export function ProgressBar({
  value,
  label,
  tone = 'accent',
  className = '',
}: ProgressBarProps): JSX.Element {
  const known = value !== undefined && value !== null;
  return (
    <Progress.Root
      aria-label={label}
      value={known ? Math.round(Math.min(1, Math.max(0, value)) * 1000) / 10 : null}
      className={`w-full ${className}`}
    >
      <Progress.Track className="h-1.5 overflow-hidden rounded-full bg-line">
        {known ? (
          <Progress.Indicator className={`rounded-full transition-[width] duration-300 ${tones[tone]}`} />
        ) : (
          <div className="h-full w-2/7 animate-[indeterminate_1.4s_ease-in-out_infinite] rounded-full bg-accent" />
        )}
      </Progress.Track>
    </Progress.Root>
  );
}
