import { createLink } from '@tanstack/react-router';
import type { LucideIcon } from 'lucide-react';
import type { ComponentPropsWithRef, JSX } from 'react';
import { buttonClass, type ButtonSize, type ButtonVariant } from './button-style.ts';

interface ButtonAnchorProps extends ComponentPropsWithRef<'a'> {
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  readonly icon?: LucideIcon | undefined;
}

function ButtonAnchor({
  variant = 'secondary',
  size = 'medium',
  icon: Icon,
  className = '',
  children,
  ...others
}: ButtonAnchorProps): JSX.Element {
  return (
    <a {...others} className={`${buttonClass(variant, size)} ${className}`}>
      {Icon !== undefined && <Icon aria-hidden className="size-4 shrink-0" />}
      {children}
    </a>
  );
}

/** A way to another screen that looks like a button: `<LinkButton to="/data" variant="primary">`. */
export const LinkButton = createLink(ButtonAnchor);
