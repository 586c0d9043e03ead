import { Slider as Primitive } from '@base-ui/react/slider';
import type { JSX } from 'react';

export interface SliderProps {
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly onCommit?: (value: number) => void;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  /** Where no Field labels it. */
  readonly label?: string | undefined;
  /** How a value is shown and read aloud. */
  readonly show?: (value: number) => string;
  readonly disabled?: boolean;
}

/** A number along a line, where roughly right is right. */
export function Slider({
  value,
  onChange,
  onCommit,
  min,
  max,
  step = 1,
  label,
  show = String,
  disabled = false,
}: SliderProps): JSX.Element {
  return (
    <Primitive.Root
      value={value}
      onValueChange={(next) => onChange(next)}
      onValueCommitted={(next) => onCommit?.(next)}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      className="flex w-full items-center gap-3"
    >
      <Primitive.Control className="flex h-8 flex-1 touch-none items-center select-none data-[disabled]:opacity-55">
        <Primitive.Track className="h-1 w-full rounded-full bg-line-strong/50">
          <Primitive.Indicator className="rounded-full bg-accent" />
          <Primitive.Thumb
            aria-label={label}
            getAriaValueText={(_, next) => show(next)}
            className="size-4 rounded-full border-2 border-accent bg-surface shadow-card has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-accent"
          />
        </Primitive.Track>
      </Primitive.Control>
      <output className="figures min-w-12 text-right text-sm text-ink-soft">{show(value)}</output>
    </Primitive.Root>
  );
}
