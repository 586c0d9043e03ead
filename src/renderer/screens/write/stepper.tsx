import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { JSX } from 'react';
import { IconButton } from '../../components/icon-button.tsx';

export interface StepperProps {
  readonly label: string;
  readonly previousLabel: string;
  readonly nextLabel: string;
  /** From 0. */
  readonly index: number;
  readonly count: number;
  readonly onIndex: (index: number) => void;
}

/** Goes through the versions of one thing: ‹ 2/3 ›. */
export function Stepper({
  label,
  previousLabel,
  nextLabel,
  index,
  count,
  onIndex,
}: StepperProps): JSX.Element {
  return (
    <span role="group" aria-label={label} className="inline-flex items-center text-sm text-ink-faint">
      <IconButton
        icon={ChevronLeft}
        label={previousLabel}
        disabled={index <= 0}
        onClick={() => onIndex(index - 1)}
      />
      <span className="figures min-w-7 text-center">
        {index + 1}/{count}
      </span>
      <IconButton
        icon={ChevronRight}
        label={nextLabel}
        disabled={index >= count - 1}
        onClick={() => onIndex(index + 1)}
      />
    </span>
  );
}
