import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { longestEncodedText } from '../../../shared/tokenizers/encoding.ts';
import { formatCount } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { TextArea } from '../../components/text-area.tsx';

export interface TextPanelProps {
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** The part of a text that is encoded: as much as is taken, and never half a surrogate pair by the cut. */
export function encodedPart(text: string): string {
  if (text.length <= longestEncodedText) return text;
  const last = text.charCodeAt(longestEncodedText - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? longestEncodedText - 1 : longestEncodedText);
}

/** The text that is tried. */
export function TextPanel({ text, onText }: TextPanelProps): JSX.Element {
  const { t } = useTranslation('tokenizers');
  const tooLong = text.length > longestEncodedText;
  const counts = { typed: formatCount(text.length), limit: formatCount(longestEncodedText) };
  return (
    <div className="relative">
      <Field
        label={t('text')}
        hint={t('charactersOf', counts)}
        error={tooLong ? t('tooLong', counts) : undefined}
      >
        <TextArea value={text} onChange={onText} rows={3} spellCheck={false} />
      </Field>
      <div className="absolute -top-1 right-0 flex gap-1">
        <Button size="small" variant="quiet" onClick={() => onText(t('sample'))}>
          {t('useSample')}
        </Button>
        <Button size="small" variant="quiet" disabled={text === ''} onClick={() => onText('')}>
          {t('clearText')}
        </Button>
      </div>
    </div>
  );
}
