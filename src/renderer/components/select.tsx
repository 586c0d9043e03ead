import { Select as Primitive } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import type { JSX } from 'react';

export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** A second line in the list. */
  readonly hint?: string | undefined;
  readonly disabled?: boolean | undefined;
}

export interface SelectProps<Value extends string> {
  /** Where no Field labels it. */
  readonly label?: string | undefined;
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
  readonly options: readonly SelectOption<Value>[];
  readonly placeholder?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly size?: 'small' | 'medium';
  readonly className?: string;
}

/** One of a few. For many, see Combobox. */
export function Select<Value extends string>({
  label,
  value,
  onChange,
  options,
  placeholder,
  disabled = false,
  size = 'medium',
  className = '',
}: SelectProps<Value>): JSX.Element {
  return (
    <Primitive.Root<Value>
      items={options.map(({ value: item, label: text }) => ({ value: item, label: text }))}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onChange(next);
      }}
      disabled={disabled}
    >
      <Primitive.Trigger
        aria-label={label}
        className={`control flex items-center gap-2 text-left ${size === 'small' ? 'h-7 text-sm' : ''} ${className}`}
      >
        <Primitive.Value
          placeholder={placeholder ?? '–'}
          className="min-w-0 flex-1 truncate data-[placeholder]:text-ink-faint"
        />
        <Primitive.Icon className="text-ink-faint">
          <ChevronDown aria-hidden className="size-4" />
        </Primitive.Icon>
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
          <Primitive.Popup className="popup max-h-[min(24rem,var(--available-height))] min-w-[max(var(--anchor-width),10rem)] max-w-96 overflow-y-auto p-1">
            {options.map((option) => (
              <Primitive.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled ?? false}
                className="grid grid-cols-[1rem_1fr] gap-2 rounded-md px-2 py-1.5 outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover"
              >
                <span className="pt-1 text-accent-text">
                  <Primitive.ItemIndicator>
                    <Check aria-hidden className="size-4" />
                  </Primitive.ItemIndicator>
                </span>
                <span className="min-w-0">
                  <Primitive.ItemText className="block">{option.label}</Primitive.ItemText>
                  {option.hint !== undefined && (
                    <span className="block text-sm text-ink-faint">{option.hint}</span>
                  )}
                </span>
              </Primitive.Item>
            ))}
          </Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
