import { Combobox as Primitive } from '@base-ui/react/combobox';
import { Check, ChevronDown } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { SelectOption } from './select.tsx';
import { MiddleCut } from './middle-cut.tsx';

export interface ComboboxProps<Value extends string> {
  /** Where no Field labels it. */
  readonly label?: string | undefined;
  readonly value: Value | null;
  readonly onChange: (value: Value | null) => void;
  readonly options: readonly SelectOption<Value>[];
  readonly placeholder?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly className?: string;
}

/** One of many, found by typing part of its name. */
export function Combobox<Value extends string>({
  label,
  value,
  onChange,
  options,
  placeholder,
  disabled = false,
  className = '',
}: ComboboxProps<Value>): JSX.Element {
  const { t } = useTranslation('kit');
  const chosen = options.find((option) => option.value === value) ?? null;
  return (
    <Primitive.Root<SelectOption<Value>>
      items={options}
      value={chosen}
      onValueChange={(next) => onChange(next?.value ?? null)}
      isItemEqualToValue={(item, other) => item.value === other.value}
      disabled={disabled}
    >
      <Primitive.InputGroup className={`control flex items-stretch px-0 ${className}`}>
        <Primitive.Input
          aria-label={label}
          placeholder={placeholder}
          title={chosen?.label}
          // As wide as what is chosen, where there is room: the end of a name, such as a step, must not be cut.
          className="field-sizing-content min-w-0 flex-1 bg-transparent px-2.5 text-ellipsis outline-none"
        />
        <Primitive.Trigger
          aria-label={t('open')}
          className="flex w-8 items-center justify-center text-ink-faint"
        >
          <ChevronDown aria-hidden className="size-4" />
        </Primitive.Trigger>
      </Primitive.InputGroup>
      <Primitive.Portal>
        <Primitive.Positioner sideOffset={4} className="z-50">
          <Primitive.Popup className="popup w-[max(var(--anchor-width),14rem)] p-1">
            <Primitive.Empty className="px-2 py-1.5 text-ink-faint empty:p-0">
              {t('nothingMatches')}
            </Primitive.Empty>
            <Primitive.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto">
              {(option: SelectOption<Value>) => (
                <Primitive.Item
                  key={option.value}
                  value={option}
                  disabled={option.disabled ?? false}
                  className="grid grid-cols-[1rem_1fr] gap-2 rounded-md px-2 py-1.5 outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover"
                >
                  <span className="pt-1 text-accent-text">
                    <Primitive.ItemIndicator>
                      <Check aria-hidden className="size-4" />
                    </Primitive.ItemIndicator>
                  </span>
                  <span className="min-w-0">
                    <MiddleCut text={option.label} />
                    {option.hint !== undefined && (
                      <span className="block text-sm text-ink-faint">{option.hint}</span>
                    )}
                  </span>
                </Primitive.Item>
              )}
            </Primitive.List>
          </Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
