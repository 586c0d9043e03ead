import { NumberField } from '@base-ui/react/number-field';
import { Minus, Plus } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';

export interface NumberInputProps {
  /** Null while the box is empty. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  /** Called when the person has finished typing. */
  readonly onCommit?: (value: number | null) => void;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly step?: number;
  /** What it counts, shown behind it. */
  readonly unit?: string;
  readonly disabled?: boolean;
  /** Where no Field labels it. */
  readonly label?: string;
  readonly format?: Intl.NumberFormatOptions;
  readonly placeholder?: string;
  readonly className?: string;
}

/** A number: typed, or changed with the arrow keys and the two buttons. */
export function NumberInput({
  value,
  onChange,
  onCommit,
  min,
  max,
  step = 1,
  unit,
  disabled = false,
  label,
  format = { maximumSignificantDigits: 12 },
  placeholder,
  className = '',
}: NumberInputProps): JSX.Element {
  const { t } = useTranslation('kit');
  const stepper =
    'flex w-7 items-center justify-center text-ink-faint hover:bg-hover hover:text-ink disabled:opacity-40';
  return (
    <NumberField.Root
      value={value}
      onValueChange={(next) => onChange(next)}
      onValueCommitted={(next) => onCommit?.(next)}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      format={format}
      className={className}
    >
      <NumberField.Group className="control flex items-stretch overflow-hidden px-0">
        <NumberField.Input
          aria-label={label}
          placeholder={placeholder}
          className="figures min-w-0 flex-1 bg-transparent px-2.5 outline-none"
        />
        {unit !== undefined && <span className="flex items-center pr-2 text-sm text-ink-faint">{unit}</span>}
        <NumberField.Decrement aria-label={t('decrease')} className={`${stepper} border-l border-line`}>
          <Minus aria-hidden className="size-3.5" />
        </NumberField.Decrement>
        <NumberField.Increment aria-label={t('increase')} className={`${stepper} border-l border-line`}>
          <Plus aria-hidden className="size-3.5" />
        </NumberField.Increment>
      </NumberField.Group>
    </NumberField.Root>
  );
}
