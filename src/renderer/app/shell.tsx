import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { CommandPalette } from './command-palette.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { FileDrop } from './file-drop.tsx';
import { ReadingOnlyBanner } from './reading-only-banner.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { useShortcuts } from './shortcuts.ts';
import { StoreLossBanner } from './store-loss-banner.tsx';
import { SideNavigation } from './side-navigation.tsx';
import { useStartProject } from './use-start-project.ts';

/** What stays around every screen: navigation, the project, what is running, what the keyboard reaches from everywhere. */
export function Shell(): JSX.Element {
  const { t } = useTranslation('shell');
  const main = useRef<HTMLElement>(null);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const ready = useStartProject();
  useShortcuts({ openPalette: () => setPalette(true), openHelp: () => setHelp(true) });
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => {
    // What had the keyboard may have gone with the screen before; then it is at the new one's beginning.
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <div className="flex h-full">
      <a
        href="#main"
        onClick={(event) => {
          // The address's hash belongs to the router.
          event.preventDefault();
          main.current?.focus();
        }}
        className="popup sr-only z-50 px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('skip')}
      </a>
      <SideNavigation openPalette={() => setPalette(true)} openHelp={() => setHelp(true)} />
      <div className="flex min-w-0 flex-1 flex-col">
        <ConnectionBanner />
        <ReadingOnlyBanner />
        <StoreLossBanner />
        <main
          ref={main}
          id="main"
          tabIndex={-1}
          className="relative min-h-0 flex-1 scroll-pt-4 scroll-pb-20 overflow-auto outline-none"
        >
          {ready && <Outlet />}
        </main>
      </div>
      <CommandPalette open={palette} onOpenChange={setPalette} openHelp={() => setHelp(true)} />
      <KeyboardHelp open={help} onOpenChange={setHelp} />
      <FileDrop />
    </div>
  );
}
