import { FolderOpen } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './icon-button.tsx';

/** Shows a folder in the system's file manager; nothing in a browser, which cannot. */
export function RevealButton({ folder }: { readonly folder: string }): JSX.Element | null {
  const { t } = useTranslation('kit');
  const { loam } = window;
  return loam === undefined ? null : (
    <IconButton icon={FolderOpen} label={t('reveal')} onClick={() => void loam.revealFolder(folder)} />
  );
}
