import type { JSX } from 'react';

export interface SharePart {
  readonly label: string;
  readonly value: number;
  /** The value as it is shown. */
  readonly shown: string;
}

const colours = ['bg-series-1', 'bg-series-2', 'bg-series-3', 'bg-series-4', 'bg-series-8'] as const;

/** What something is made of: a bar in parts, and the parts with their values. */
export function ShareBar({
  label,
  parts,
}: {
  readonly label: string;
  readonly parts: readonly SharePart[];
}): JSX.Element {
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  return (
    <div className="mt-1.5">
      <div aria-hidden className="flex h-1.5 gap-px overflow-hidden rounded-full bg-line">
        {parts.map(({ label: part, value }, index) => (
          <div
            key={part}
            className={colours[index]}
            style={{ width: `${total === 0 ? 0 : (value / total) * 100}%` }}
          />
        ))}
      </div>
      <ul aria-label={label} className="mt-1.5 grid grid-cols-2 gap-x-3 gap-y-0.5 text-xs text-ink-soft">
        {parts.map(({ label: part, shown }, index) => (
          <li key={part} className="flex min-w-0 items-center gap-1.5">
            <span aria-hidden className={`size-2 shrink-0 rounded-xs ${colours[index]}`} />
            <span className="min-w-0 flex-1 truncate">{part}</span>
            <span className="figures">{shown}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
