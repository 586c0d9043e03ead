import type { LucideIcon } from 'lucide-react';
import type { ComponentPropsWithRef, JSX } from 'react';
import { buttonClass, type ButtonSize, type ButtonVariant } from './button-style.ts';
import { Tooltip } from './tooltip.tsx';

export interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'children'> {
  /** What it does; read aloud and shown when the pointer rests on it. */
  readonly label: string;
  readonly icon: LucideIcon;
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
}

/** A button that has only room for a picture. */
export function IconButton({
  label,
  icon: Icon,
  variant = 'quiet',
  size = 'small',
  className = '',
  type = 'button',
  ...others
}: IconButtonProps): JSX.Element {
  return (
    <Tooltip text={label}>
      <button
        {...others}
        type={type}
        aria-label={label}
        className={`${buttonClass(variant, size, true)} ${className}`}
      >
        <Icon aria-hidden className="size-4" />
      </button>
    </Tooltip>
  );
}
