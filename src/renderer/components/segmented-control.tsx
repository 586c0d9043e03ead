import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import type { LucideIcon } from 'lucide-react';
import type { JSX } from 'react';

export interface SegmentedOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly icon?: LucideIcon;
}

export interface SegmentedControlProps<Value extends string> {
  /** What is chosen, read aloud. */
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly SegmentedOption<Value>[];
  readonly size?: 'small' | 'medium';
}

/** One of two to five that are all worth seeing. */
export function SegmentedControl<Value extends string>({
  label,
  value,
  onChange,
  options,
  size = 'small',
}: SegmentedControlProps<Value>): JSX.Element {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={(next) => {
        const chosen = next.find((item) => item !== value) ?? next[0];
        if (chosen !== undefined) onChange(chosen);
      }}
      className="inline-flex rounded-md border border-line bg-sunken p-0.5"
    >
      {options.map(({ value: option, label: text, icon: Icon }) => (
        <Toggle
          key={option}
          value={option}
          className={`inline-flex items-center gap-1.5 rounded-sm px-2.5 text-sm font-medium whitespace-nowrap text-ink-soft hover:text-ink data-[pressed]:bg-surface data-[pressed]:text-ink data-[pressed]:shadow-card ${size === 'small' ? 'h-6' : 'h-7'}`}
        >
          {Icon !== undefined && <Icon aria-hidden className="size-4" />}
          {text}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
