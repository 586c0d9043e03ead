import { PenLine } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';

export interface NotWrittenProps {
  readonly checkpoint: string;
  readonly onWrite: () => void;
}

/** Stands where a checkpoint could write beside another one and did not yet. */
export function NotWritten({ checkpoint, onWrite }: NotWrittenProps): JSX.Element {
  const { t } = useTranslation('write');
  return (
    <div className="flex flex-col items-start gap-2 text-ink-faint">
      <p className="wrap-anywhere">{t('notWritten', { model: checkpoint })}</p>
      <Button size="small" icon={PenLine} onClick={onWrite}>
        {t('writeHere')}
      </Button>
    </div>
  );
}
