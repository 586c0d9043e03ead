import { Tabs as Primitive } from '@base-ui/react/tabs';
import type { JSX, ReactNode } from 'react';

export interface Tab<Value extends string> {
  readonly value: Value;
  readonly label: ReactNode;
  readonly content: ReactNode;
}

export interface TabsProps<Value extends string> {
  /** What the tabs are of, read aloud. */
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly tabs: readonly Tab<Value>[];
  /** Stands at the right of the tabs. */
  readonly actions?: ReactNode;
  readonly className?: string;
}

/** Several views of one thing, one at a time. */
export function Tabs<Value extends string>({
  label,
  value,
  onChange,
  tabs,
  actions,
  className = '',
}: TabsProps<Value>): JSX.Element {
  return (
    <Primitive.Root
      value={value}
      onValueChange={(next) => onChange(next as Value)}
      className={`flex min-h-0 flex-col ${className}`}
    >
      <div className="flex items-center gap-2 border-b border-line">
        <Primitive.List aria-label={label} className="relative flex flex-1 gap-1">
          {tabs.map((tab) => (
            <Primitive.Tab
              key={tab.value}
              value={tab.value}
              className="-mb-px border-b-2 border-transparent px-3 py-2 font-medium text-ink-soft hover:text-ink focus-visible:-outline-offset-2 data-[active]:border-accent data-[active]:text-ink"
            >
              {tab.label}
            </Primitive.Tab>
          ))}
        </Primitive.List>
        {actions}
      </div>
      {tabs.map((tab) => (
        <Primitive.Panel
          key={tab.value}
          value={tab.value}
          className="min-h-0 flex-1 pt-4 focus-visible:outline-offset-4"
        >
          {tab.content}
        </Primitive.Panel>
      ))}
    </Primitive.Root>
  );
}
