import { Menu as Primitive } from '@base-ui/react/menu';
import type { LucideIcon } from 'lucide-react';
import type { JSX, ReactElement, ReactNode } from 'react';

export interface MenuAction {
  readonly label: ReactNode;
  readonly icon?: LucideIcon | undefined;
  /** A second line. */
  readonly hint?: ReactNode;
  readonly onSelect: () => void;
  readonly disabled?: boolean;
  readonly danger?: boolean;
}

/** A line between groups, or a heading above one. */
export type MenuEntry = MenuAction | 'separator' | { readonly heading: string };

export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly entries: readonly MenuEntry[];
  readonly align?: 'start' | 'end';
}

/** Things to do that are not worth a button each. */
export function Menu({ trigger, entries, align = 'start' }: MenuProps): JSX.Element {
  return (
    <Primitive.Root>
      <Primitive.Trigger render={trigger} />
      <Primitive.Portal>
        <Primitive.Positioner align={align} sideOffset={4} className="z-50">
          <Primitive.Popup className="popup max-h-(--available-height) max-w-96 min-w-48 overflow-y-auto p-1">
            {entries.map((entry, index) => (
              <Entry key={index} entry={entry} />
            ))}
          </Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function Entry({ entry }: { readonly entry: MenuEntry }): JSX.Element {
  if (entry === 'separator') return <Primitive.Separator className="my-1 h-px bg-line" />;
  if ('heading' in entry)
    return <div className="px-2 pt-1.5 pb-1 text-xs font-semibold text-ink-faint">{entry.heading}</div>;
  const { label, icon: Icon, hint, onSelect, disabled = false, danger = false } = entry;
  return (
    <Primitive.Item
      onClick={onSelect}
      disabled={disabled}
      className={`flex gap-2 rounded-md px-2 py-1.5 outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover ${danger ? 'text-danger' : ''}`}
    >
      {Icon !== undefined && <Icon aria-hidden className="mt-[3px] size-4 shrink-0 text-ink-faint" />}
      <span className="min-w-0">
        <span className="block truncate">{label}</span>
        {hint !== undefined && <span className="block truncate text-xs text-ink-faint">{hint}</span>}
      </span>
    </Primitive.Item>
  );
}
