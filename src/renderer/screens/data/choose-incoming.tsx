import { FilePlus, FolderPlus } from 'lucide-react';
import { useRef, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { toastError } from '../../components/toast.tsx';
import { incomingOfChoice, type Incoming } from './incoming.ts';

export interface ChooseIncomingProps {
  readonly onIncoming: (incoming: Incoming) => void;
  readonly primary?: boolean;
}

/** Buttons that ask for files or a folder: by the system's window in the desktop application, else by the browser's. */
export function ChooseIncoming({ onIncoming, primary = false }: ChooseIncomingProps): JSX.Element {
  const { t } = useTranslation('data');
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const askFiles = async (): Promise<void> => {
    if (window.loam === undefined) {
      files.current?.click();
      return;
    }
    const paths = await window.loam.chooseFiles();
    if (paths.length > 0) onIncoming({ kind: 'paths', paths });
  };
  const askFolder = async (): Promise<void> => {
    if (window.loam === undefined) {
      folder.current?.click();
      return;
    }
    const path = await window.loam.chooseFolder();
    if (path !== undefined) onIncoming({ kind: 'paths', paths: [path] });
  };
  const chosen = (input: HTMLInputElement): void => {
    if (input.files !== null && input.files.length > 0) onIncoming(incomingOfChoice(input.files));
    // The same file can be chosen again.
    input.value = '';
  };
  return (
    <>
      <Button
        icon={FilePlus}
        variant={primary ? 'primary' : 'secondary'}
        onClick={() => void askFiles().catch(toastError)}
      >
        {t('addFiles')}
      </Button>
      <Button icon={FolderPlus} onClick={() => void askFolder().catch(toastError)}>
        {t('addFolder')}
      </Button>
      <input
        ref={files}
        type="file"
        multiple
        aria-label={t('chooseFiles')}
        className="hidden"
        onChange={(event) => chosen(event.currentTarget)}
      />
      <input
        ref={(input) => {
          folder.current = input;
          if (input !== null) input.webkitdirectory = true;
        }}
        type="file"
        aria-label={t('chooseFolder')}
        className="hidden"
        onChange={(event) => chosen(event.currentTarget)}
      />
    </>
  );
}
