import type { JSX, ReactNode } from 'react';

/** A part of a model's details. */
export function Section({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): JSX.Element {
  return (
    <section>
      <h3 className="mb-1.5 text-sm font-semibold text-ink-faint">{title}</h3>
      {children}
    </section>
  );
}

/** Names and values, in two columns. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}): JSX.Element {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-soft">{name}</dt>
          <dd className="figures min-w-0 truncate text-right">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
