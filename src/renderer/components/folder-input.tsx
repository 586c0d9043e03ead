import { FolderOpen } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { TextInput } from './text-input.tsx';

export interface FolderInputProps {
  readonly value: string;
  readonly onChange: (folder: string) => void;
  /** Where no Field labels it. */
  readonly label?: string;
  readonly placeholder?: string;
}

/** The path of a folder on the computer that Loam runs on: typed, or chosen in the system's own window where there is one. */
export function FolderInput({ value, onChange, label, placeholder }: FolderInputProps): JSX.Element {
  const { t } = useTranslation('kit');
  const { loam } = window;
  const choose = async (): Promise<void> => {
    const folder = await loam?.chooseFolder();
    if (folder !== undefined) onChange(folder);
  };
  return (
    <div className="flex w-full min-w-0 gap-2">
      <TextInput
        value={value}
        onChange={onChange}
        {...(label === undefined ? {} : { 'aria-label': label })}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
      {loam !== undefined && (
        <Button icon={FolderOpen} onClick={() => void choose()}>
          {t('choose')}
        </Button>
      )}
    </div>
  );
}
