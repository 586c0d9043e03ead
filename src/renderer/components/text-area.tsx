import { Field } from '@base-ui/react/field';
import { useCallback, useLayoutEffect, useRef, useState, type ComponentPropsWithRef, type JSX } from 'react';

export interface TextAreaProps extends Omit<
  ComponentPropsWithRef<'textarea'>,
  'value' | 'defaultValue' | 'onChange' | 'className' | 'style'
> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly className?: string;
}

/**
 * Text of several lines. The box keeps what is typed itself and is only written to when the value is another one: React
 * writes each letter back as the element's content, after which Chromium's undo takes back single letters.
 */
export function TextArea({
  value,
  onChange,
  rows = 4,
  className = '',
  ref,
  ...others
}: TextAreaProps): JSX.Element {
  const [initial] = useState(value);
  const own = useRef<HTMLTextAreaElement>(null);
  const keep = useCallback(
    (element: HTMLTextAreaElement | null) => {
      own.current = element;
      if (typeof ref === 'function') ref(element);
      else if (ref !== null && ref !== undefined) ref.current = element;
    },
    [ref],
  );
  useLayoutEffect(() => {
    if (own.current !== null && own.current.value !== value) own.current.value = value;
  }, [value]);
  return (
    <Field.Control
      render={<textarea ref={keep} rows={rows} spellCheck={false} {...others} />}
      defaultValue={initial}
      onValueChange={(next) => onChange(next)}
      className={`control h-auto resize-y py-1.5 ${className}`}
    />
  );
}
