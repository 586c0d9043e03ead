import { Check, Copy } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { IconButton } from './icon-button.tsx';

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, where the button shall say so; else it is a picture. */
  readonly label?: string | undefined;
  /** What is copied, read aloud and shown under the pointer, where the button is a picture. Default: Copy. */
  readonly what?: string | undefined;
}

/** Copies a text. */
export function CopyButton({ text, label, what }: CopyButtonProps): JSX.Element {
  const { t } = useTranslation('kit');
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  const icon = copied ? Check : Copy;
  return label === undefined ? (
    <IconButton icon={icon} label={copied ? t('copied') : (what ?? t('copy'))} onClick={() => void copy()} />
  ) : (
    <Button icon={icon} size="small" onClick={() => void copy()}>
      {copied ? t('copied') : label}
    </Button>
  );
}
