import { BookOpen, Languages, MessageCircleQuestion, Tags, type LucideIcon } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportOrigin } from '../../../shared/datasets/import.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';

type Sample = NonNullable<ImportOrigin['sample']>;

const samples: readonly { readonly name: Sample; readonly icon: LucideIcon }[] = [
  { name: 'documents', icon: BookOpen },
  { name: 'tickets', icon: Tags },
  { name: 'questions', icon: MessageCircleQuestion },
  { name: 'passages', icon: Languages },
];

export interface SampleChoiceProps {
  readonly onClose: () => void;
  readonly onChoice: (sample: Sample) => void;
}

/** Which form of the bundled sample to take. */
export function SampleChoice({ onClose, onChoice }: SampleChoiceProps): JSX.Element {
  const { t } = useTranslation('data');
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('importSampleTitle')}
      description={t('importSampleLead')}
      actions={<Button onClick={onClose}>{t('cancel')}</Button>}
    >
      <div className="grid grid-cols-2 gap-3">
        {samples.map(({ name, icon: Icon }) => (
          <button
            key={name}
            type="button"
            onClick={() => onChoice(name)}
            className="flex items-start gap-3 rounded-lg border border-line p-3.5 text-left hover:border-line-strong hover:bg-hover"
          >
            <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-accent-text" />
            <span>
              <span className="block font-semibold">{t(`sample_${name}`)}</span>
              <span className="block text-sm text-ink-soft">{t(`sample_${name}Text`)}</span>
            </span>
          </button>
        ))}
      </div>
    </Dialog>
  );
}
