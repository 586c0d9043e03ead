import { Checkbox as Primitive } from '@base-ui/react/checkbox';
import { Check, Minus } from 'lucide-react';
import type { JSX, ReactNode } from 'react';

export interface CheckboxProps {
  readonly label: ReactNode;
  /** Reads the label aloud without showing it. */
  readonly hideLabel?: boolean;
  readonly hint?: ReactNode;
  readonly checked: boolean;
  /** Some of what it stands for is chosen, some not. */
  readonly mixed?: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

/** One thing to take along or leave. */
export function Checkbox({
  label,
  hideLabel = false,
  hint,
  checked,
  mixed = false,
  onChange,
  disabled = false,
}: CheckboxProps): JSX.Element {
  const Mark = mixed ? Minus : Check;
  return (
    <label className={`flex items-start gap-2 ${disabled ? 'opacity-55' : ''}`}>
      <Primitive.Root
        checked={checked}
        indeterminate={mixed}
        onCheckedChange={(next) => onChange(next)}
        disabled={disabled}
        className="mt-[3px] flex size-4 shrink-0 items-center justify-center rounded-sm border border-line-strong bg-surface data-[checked]:border-accent data-[checked]:bg-accent data-[indeterminate]:border-accent data-[indeterminate]:bg-accent"
      >
        <Primitive.Indicator className="text-accent-ink">
          <Mark aria-hidden className="size-3.5" strokeWidth={3} />
        </Primitive.Indicator>
      </Primitive.Root>
      <span className={hideLabel ? 'sr-only' : 'min-w-0'}>
        <span className="block">{label}</span>
        {hint !== undefined && <span className="block text-sm text-ink-faint">{hint}</span>}
      </span>
    </label>
  );
}
