import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { isFound } from './found-commands.ts';
import { Key } from './keyboard-help.tsx';
import { useCommands, type Command } from './use-commands.ts';

export interface CommandPaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly openHelp: () => void;
}

/** A list of all that one can go to or do, found by typing. */
export function CommandPalette({ open, onOpenChange, openHelp }: CommandPaletteProps): JSX.Element {
  const { t } = useTranslation('shell');
  const input = useRef<HTMLInputElement>(null);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/35" />
        <Dialog.Popup
          aria-label={t('search')}
          initialFocus={input}
          className="popup fixed top-[12vh] left-1/2 z-40 w-[min(38rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-xl"
        >
          <Choices input={input} close={() => onOpenChange(false)} openHelp={openHelp} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface ChoicesProps {
  readonly input: React.RefObject<HTMLInputElement | null>;
  readonly close: () => void;
  readonly openHelp: () => void;
}

function Choices({ input, close, openHelp }: ChoicesProps): JSX.Element {
  const { t } = useTranslation('shell');
  const groups = useCommands(openHelp);
  const [query, setQuery] = useState('');
  return (
    <Autocomplete.Root
      inline
      open
      items={groups}
      value={query}
      onValueChange={(next) => setQuery(next)}
      itemToStringValue={(command: Command) => command.label}
      filter={(command: Command, typed) => isFound(command, typed)}
      autoHighlight="always"
      keepHighlight
    >
      <div className="flex h-12 items-center gap-2.5 border-b border-line px-4">
        <Search aria-hidden className="size-4.5 shrink-0 text-ink-faint" />
        <Autocomplete.Input
          ref={input}
          aria-label={t('search')}
          placeholder={t('searchHint')}
          className="h-full min-w-0 flex-1 bg-transparent text-lg outline-none"
        />
        <Key>Esc</Key>
      </div>
      <Autocomplete.Empty className="px-4 py-6 text-center text-ink-faint empty:p-0">
        {t('searchNothing')}
      </Autocomplete.Empty>
      <Autocomplete.List className="max-h-[min(26rem,60vh)] overflow-y-auto p-1.5 empty:p-0">
        {(group: { readonly value: string; readonly items: readonly Command[] }) => (
          <Autocomplete.Group key={group.value} items={group.items} className="mb-1">
            <Autocomplete.GroupLabel className="px-2.5 pt-1.5 pb-1 text-xs font-semibold text-ink-faint">
              {group.value}
            </Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(command: Command) => (
                <Autocomplete.Item
                  key={command.id}
                  value={command}
                  onClick={() => {
                    close();
                    command.perform();
                  }}
                  className="flex items-center gap-2.5 rounded-md px-2.5 py-1.5 outline-none select-none data-[highlighted]:bg-accent-soft"
                >
                  <command.icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
                  <span className="min-w-0 flex-1 truncate">{command.label}</span>
                  {command.hint !== undefined && (
                    <span className="max-w-64 truncate text-sm text-ink-faint">{command.hint}</span>
                  )}
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}
