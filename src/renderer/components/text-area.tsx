import { Field } from '@base-ui/react/field';
import type { ComponentPropsWithRef, JSX } from 'react';

export interface TextAreaProps extends Omit<
  ComponentPropsWithRef<'textarea'>,
  'value' | 'defaultValue' | 'onChange' | 'className' | 'style'
> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly className?: string;
}

/** Text of several lines. */
export function TextArea({
  value,
  onChange,
  rows = 4,
  className = '',
  ...others
}: TextAreaProps): JSX.Element {
  return (
    <Field.Control
      render={<textarea rows={rows} spellCheck={false} {...others} />}
      value={value}
      onValueChange={(next) => onChange(next)}
      className={`control h-auto resize-y py-1.5 ${className}`}
    />
  );
}
