import { LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ComponentPropsWithRef, JSX } from 'react';
import { buttonClass, type ButtonSize, type ButtonVariant } from './button-style.ts';

export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  readonly icon?: LucideIcon | undefined;
  /** Work that the button began is under way: it shows that and does nothing more. */
  readonly busy?: boolean | undefined;
}

/** Something to press. */
export function Button({
  variant = 'secondary',
  size = 'medium',
  icon: Icon,
  busy = false,
  className = '',
  children,
  onClick,
  type = 'button',
  ...others
}: ButtonProps): JSX.Element {
  const Shown = busy ? LoaderCircle : Icon;
  return (
    <button
      {...others}
      type={type}
      className={`${buttonClass(variant, size)} ${className}`}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {Shown !== undefined && (
        <Shown aria-hidden className={`size-4 shrink-0 ${busy ? 'animate-spin' : ''}`} />
      )}
      {children}
    </button>
  );
}
