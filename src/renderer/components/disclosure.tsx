import { Collapsible } from '@base-ui/react/collapsible';
import { ChevronRight } from 'lucide-react';
import type { JSX, ReactNode } from 'react';

/** Something that few need, opened by its title. */
export function Disclosure({
  title,
  hint,
  open = false,
  children,
}: {
  readonly title: string;
  readonly hint?: string;
  readonly open?: boolean;
  readonly children: ReactNode;
}): JSX.Element {
  return (
    <Collapsible.Root defaultOpen={open}>
      <Collapsible.Trigger className="group -mx-1.5 flex w-full items-center gap-1.5 rounded-md px-1.5 py-1 text-left hover:bg-hover">
        <ChevronRight
          aria-hidden
          className="size-4 shrink-0 text-ink-faint transition-transform group-data-[panel-open]:rotate-90"
        />
        <span className="font-medium">{title}</span>
        {hint !== undefined && <span className="truncate text-sm text-ink-faint">{hint}</span>}
      </Collapsible.Trigger>
      <Collapsible.Panel className="pt-3 pl-5.5">{children}</Collapsible.Panel>
    </Collapsible.Root>
  );
}
