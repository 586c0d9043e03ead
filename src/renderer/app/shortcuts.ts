import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { currentProject } from '../client/current-project.ts';
import { destinationNames, destinations, withoutProject } from './navigation.ts';
import { toggleNavigation } from './navigation-collapsed.ts';

/** How long after `g` the second key counts, in milliseconds. */
const patience = 1200;

/** Whether what is typed belongs to a box. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('input, textarea, select, [role="dialog"], [role="menu"]') !== null)
  );
}

export interface ShortcutActions {
  readonly openPalette: () => void;
  readonly openHelp: () => void;
}

/** The keys that work on every screen: Ctrl or Cmd with K, `g` and a letter, `?`, `[`. */
export function useShortcuts({ openPalette, openHelp }: ShortcutActions): void {
  const navigate = useNavigate();
  const actions = useRef({ openPalette, openHelp, navigate });
  actions.current = { openPalette, openHelp, navigate };
  useEffect(() => {
    let going = 0;
    const onKeyDown = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        actions.current.openPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '?') actions.current.openHelp();
      else if (event.key === '[') toggleNavigation();
      else if (event.timeStamp - going < patience) {
        const name = destinationNames.find((screen) => destinations[screen].key === event.key);
        if (name !== undefined && (currentProject() !== undefined || withoutProject.has(name)))
          void actions.current.navigate({ to: destinations[name].to });
      }
      going = event.key === 'g' ? event.timeStamp : 0;
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
