import { Field as Primitive } from '@base-ui/react/field';
import type { JSX, ReactNode } from 'react';
import type { TermName } from '../../shared/teaching/terms.ts';
import { Explain } from './explain.tsx';

export interface FieldProps {
  readonly label: ReactNode;
  /** The term that the label names. */
  readonly explain?: TermName | undefined;
  /** The key of a run's configuration that is set here; explains it likewise. */
  readonly setting?: string | undefined;
  /** A sentence below, always there. */
  readonly hint?: ReactNode;
  /** What is wrong with the value; takes the hint's place. */
  readonly error?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A labelled control with its help and its error, tied together for those who listen to the page. */
export function Field({
  label,
  explain,
  setting,
  hint,
  error,
  children,
  className = '',
}: FieldProps): JSX.Element {
  const wrong = error !== undefined && error !== null && error !== false && error !== '';
  return (
    <Primitive.Root invalid={wrong} className={`flex min-w-0 flex-col gap-1 ${className}`}>
      <div className="flex min-h-5 items-center gap-1">
        <Primitive.Label className="text-sm font-medium text-ink">{label}</Primitive.Label>
        {explain !== undefined && <Explain term={explain} />}
        {setting !== undefined && <Explain setting={setting} />}
      </div>
      {children}
      {!wrong && hint !== undefined && (
        <Primitive.Description className="text-sm text-ink-faint">{hint}</Primitive.Description>
      )}
      {wrong && (
        <Primitive.Error match className="text-sm text-danger">
          {error}
        </Primitive.Error>
      )}
    </Primitive.Root>
  );
}
