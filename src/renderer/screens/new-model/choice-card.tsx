import type { JSX, ReactNode } from 'react';

export interface ChoiceCardProps {
  /** The radio group's name. */
  readonly group: string;
  readonly value: string;
  readonly checked: boolean;
  readonly onChoose: () => void;
  readonly title: ReactNode;
  /** At the right of the title. */
  readonly mark?: ReactNode;
  readonly children?: ReactNode;
}

/** One of several choices that each need a few words. A radio button: arrow keys move, Enter goes on. */
export function ChoiceCard({
  group,
  value,
  checked,
  onChoose,
  title,
  mark,
  children,
}: ChoiceCardProps): JSX.Element {
  return (
    <label className="group relative flex min-w-0 gap-3 rounded-lg border border-line bg-surface px-4 py-3 shadow-card transition-colors hover:border-line-strong has-[:checked]:border-accent has-[:checked]:bg-accent-soft has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-accent">
      <input
        type="radio"
        name={group}
        value={value}
        checked={checked}
        onChange={onChoose}
        className="mt-1 size-4 shrink-0 outline-none"
      />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span className="min-w-0 flex-1 font-semibold wrap-break-word">{title}</span>
          {mark !== undefined && <span className="figures text-sm text-ink-soft">{mark}</span>}
        </span>
        {children !== undefined && <span className="mt-0.5 block text-ink-soft">{children}</span>}
      </span>
    </label>
  );
}

/** A group of choices under one question. */
export function Choices({
  legend,
  columns = 1,
  children,
}: {
  readonly legend: string;
  readonly columns?: 1 | 2;
  readonly children: ReactNode;
}): JSX.Element {
  return (
    <fieldset className={`grid min-w-0 gap-2.5 ${columns === 2 ? 'sm:grid-cols-2' : ''}`}>
      <legend className="sr-only">{legend}</legend>
      {children}
    </fieldset>
  );
}
