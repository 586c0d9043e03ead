import { Switch as Primitive } from '@base-ui/react/switch';
import type { JSX, ReactNode } from 'react';

export interface SwitchProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

/** On or off, at once. */
export function Switch({ label, hint, checked, onChange, disabled = false }: SwitchProps): JSX.Element {
  return (
    <label className={`flex items-start gap-2.5 ${disabled ? 'opacity-55' : ''}`}>
      <Primitive.Root
        checked={checked}
        onCheckedChange={(next) => onChange(next)}
        disabled={disabled}
        className="mt-0.5 flex h-4.5 w-8 shrink-0 items-center rounded-full bg-line-strong p-0.5 transition-colors data-[checked]:bg-accent"
      >
        <Primitive.Thumb className="size-3.5 rounded-full bg-white shadow-card transition-transform data-[checked]:translate-x-3.5" />
      </Primitive.Root>
      <span className="min-w-0">
        <span className="block">{label}</span>
        {hint !== undefined && <span className="block text-sm text-ink-faint">{hint}</span>}
      </span>
    </label>
  );
}
