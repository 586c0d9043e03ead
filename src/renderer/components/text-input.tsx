import { Input } from '@base-ui/react/input';
import type { ComponentPropsWithRef, JSX } from 'react';

export interface TextInputProps extends Omit<
  ComponentPropsWithRef<'input'>,
  'value' | 'defaultValue' | 'onChange' | 'type' | 'size' | 'className' | 'style'
> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'search' | 'password';
  readonly className?: string;
}

/** One line of text. */
export function TextInput({
  value,
  onChange,
  type = 'text',
  className = '',
  ...others
}: TextInputProps): JSX.Element {
  return (
    <Input
      autoComplete="off"
      spellCheck={false}
      {...others}
      type={type}
      value={value}
      onValueChange={(next) => onChange(next)}
      className={`control ${className}`}
    />
  );
}
