import { Search, X } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { TextInput } from './text-input.tsx';

export interface SearchInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is searched: "Search runs". */
  readonly label: string;
  readonly className?: string;
}

/** A box to search a list with. */
export function SearchInput({ value, onChange, label, className = 'w-64' }: SearchInputProps): JSX.Element {
  const { t } = useTranslation('kit');
  return (
    <div className={`relative ${className}`}>
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-faint" />
      <TextInput
        value={value}
        onChange={onChange}
        aria-label={label}
        placeholder={label}
        className="pr-8 pl-8"
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || value === '') return;
          event.stopPropagation();
          onChange('');
        }}
      />
      {value !== '' && (
        <button
          type="button"
          aria-label={t('clear')}
          onClick={() => onChange('')}
          className="absolute top-1.5 right-1.5 flex size-5 items-center justify-center rounded-sm text-ink-faint hover:bg-hover hover:text-ink"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      )}
    </div>
  );
}
