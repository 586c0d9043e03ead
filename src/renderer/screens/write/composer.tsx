import { PenLine, SendHorizontal, Square } from 'lucide-react';
import type { JSX, KeyboardEvent, Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatMode } from '../../../shared/chats/chat.ts';
import { Button } from '../../components/button.tsx';
import { TextArea } from '../../components/text-area.tsx';

export interface ComposerProps {
  readonly mode: ChatMode;
  /** Nothing was written yet. */
  readonly beginning: boolean;
  readonly prompt: string;
  readonly onPrompt: (prompt: string) => void;
  readonly onWrite: () => void;
  /** Given while something is being written. */
  readonly onStop: (() => void) | undefined;
  readonly busy: boolean;
  readonly disabled: boolean;
  readonly inputRef: Ref<HTMLTextAreaElement>;
}

const isApple = navigator.platform.startsWith('Mac');

/** Where a person writes, and has the model go on. */
export function Composer({
  mode,
  beginning,
  prompt,
  onPrompt,
  onWrite,
  onStop,
  busy,
  disabled,
  inputRef,
}: ComposerProps): JSX.Element {
  const { t } = useTranslation('write');
  const chat = mode === 'chat';
  const blocked = disabled || busy || onStop !== undefined || (chat && prompt.trim() === '');
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    const meant = chat ? !event.shiftKey : event.ctrlKey || event.metaKey;
    if (!meant) return;
    event.preventDefault();
    if (!blocked) onWrite();
  };
  return (
    <div className="flex flex-col gap-2">
      <TextArea
        ref={inputRef}
        aria-label={t('promptLabel')}
        value={prompt}
        onChange={onPrompt}
        onKeyDown={onKeyDown}
        rows={chat ? 2 : beginning ? 5 : 3}
        placeholder={t(chat ? 'chatPlaceholder' : beginning ? 'promptPlaceholder' : 'continuePlaceholder')}
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="min-w-0 flex-1 text-sm text-ink-faint">
          {chat ? t('keysChat') : t('keysWrite', { key: isApple ? '⌘ Enter' : 'Ctrl+Enter' })}
          {!chat && beginning && prompt === '' && ` · ${t('emptyPromptHint')}`}
        </span>
        {onStop === undefined ? (
          <Button
            variant="primary"
            icon={chat ? SendHorizontal : PenLine}
            busy={busy}
            disabled={blocked && !busy}
            onClick={onWrite}
          >
            {t(chat ? 'send' : beginning || prompt !== '' ? 'write' : 'goOn')}
          </Button>
        ) : (
          <Button icon={Square} onClick={onStop}>
            {t('stop')}
          </Button>
        )}
      </div>
    </div>
  );
}
