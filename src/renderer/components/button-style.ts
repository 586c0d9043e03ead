/** What a button is for: the one thing to do here, one among others, something small, something that destroys. */
export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger';
export type ButtonSize = 'small' | 'medium' | 'large';

const base =
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors duration-75 disabled:opacity-50 aria-disabled:opacity-50';

const variants: Readonly<Record<ButtonVariant, string>> = {
  primary: 'bg-accent text-accent-ink hover:bg-accent-strong active:bg-accent-strong',
  secondary: 'border border-line-strong/60 bg-surface text-ink shadow-card hover:bg-hover active:bg-sunken',
  quiet: 'text-ink-soft hover:bg-hover hover:text-ink active:bg-sunken',
  danger: 'bg-danger text-danger-ink hover:bg-danger-strong active:bg-danger-strong',
};

const sizes: Readonly<Record<ButtonSize, { readonly text: string; readonly icon: string }>> = {
  small: { text: 'h-7 px-2 text-sm', icon: 'size-7' },
  medium: { text: 'h-8 px-3 text-base', icon: 'size-8' },
  large: { text: 'h-10 px-4 text-lg', icon: 'size-10' },
};

/** The classes of something that looks like a button. */
export function buttonClass(variant: ButtonVariant, size: ButtonSize, iconOnly = false): string {
  return `${base} ${variants[variant]} ${iconOnly ? sizes[size].icon : sizes[size].text}`;
}
