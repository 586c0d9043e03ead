import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../components/dialog.tsx';
import { destinationNames, destinations } from './navigation.ts';
import { useScreenName } from './use-screen-name.ts';

/** The key that a person's system has for commands. */
export const commandKey = navigator.userAgent.includes('Mac') ? '⌘' : 'Ctrl';

export function Key({ children }: { readonly children: ReactNode }): JSX.Element {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-line bg-sunken px-1 font-sans text-xs text-ink-soft">
      {children}
    </kbd>
  );
}

export interface KeyboardHelpProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** The keys that work everywhere. */
export function KeyboardHelp({ open, onOpenChange }: KeyboardHelpProps): JSX.Element {
  const { t } = useTranslation('shell');
  const name = useScreenName();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('keyboard')} description={t('keyboardLead')}>
      <dl className="grid grid-cols-1 gap-x-8 gap-y-1.5 sm:grid-cols-2">
        <Line text={t('keyPalette')}>
          <Key>{commandKey}</Key> <Key>K</Key>
        </Line>
        <Line text={t('keyHelp')}>
          <Key>?</Key>
        </Line>
        <Line text={t('keyNavigation')}>
          <Key>[</Key>
        </Line>
        {destinationNames.map((screen) => (
          <Line key={screen} text={t('keyGo', { screen: name(screen) })}>
            <Key>g</Key> <span className="text-xs text-ink-faint">{t('keyThen')}</span>{' '}
            <Key>{destinations[screen].key}</Key>
          </Line>
        ))}
      </dl>
    </Dialog>
  );
}

function Line({ text, children }: { readonly text: string; readonly children: ReactNode }): JSX.Element {
  return (
    <div className="flex items-center justify-between gap-3 border-b border-line/60 py-1">
      <dt className="text-ink-soft">{text}</dt>
      <dd className="flex shrink-0 items-center gap-1">{children}</dd>
    </div>
  );
}
