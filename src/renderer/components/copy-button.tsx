import { Check, Copy } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { IconButton } from './icon-button.tsx';

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, where the button shall say so; else it is a picture. */
  readonly label?: string | undefined;
}

/** Copies a text. */
export function CopyButton({ text, label }: CopyButtonProps): JSX.Element {
  const { t } = useTranslation('kit');
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  const icon = copied ? Check : Copy;
  return label === undefined ? (
    <IconButton icon={icon} label={copied ? t('copied') : t('copy')} onClick={() => void copy()} />
  ) : (
    <Button icon={icon} size="small" onClick={() => void copy()}>
      {copied ? t('copied') : label}
    </Button>
  );
}
