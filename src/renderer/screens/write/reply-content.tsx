import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatReply } from '../../../shared/chats/chat.ts';
import { api } from '../../client/client.ts';
import { useReplyText } from './reply-text.ts';
import { TokenText } from './token-text.tsx';

export interface ReplyContentProps {
  readonly reply: ChatReply;
  /** Shows what is known of its tokens. */
  readonly probabilities: boolean;
  readonly className?: string;
}

/** The text of a reply, as far as it is written. */
export function ReplyContent({ reply, probabilities, className = '' }: ReplyContentProps): JSX.Element {
  const { t } = useTranslation('write');
  const text = useReplyText(reply);
  const writing = reply.status === 'writing';
  const tokens = useQuery({
    ...api.chats.tokens.queryOptions({ input: { reply: reply.id } }),
    enabled: probabilities && reply.probabilities && !writing,
  });
  if (writing && text === '')
    return (
      <span className="inline-flex items-center gap-1.5 text-ink-faint">
        <span aria-hidden className="size-1.5 animate-pulse rounded-full bg-current" />
        {t('loadingModel')}
      </span>
    );
  return (
    <span className={className}>
      {probabilities && tokens.data !== undefined && tokens.data.length > 0 ? (
        <TokenText label={t('textLabelOf', { model: reply.checkpoint })} text={text} tokens={tokens.data} />
      ) : (
        text
      )}
      {writing && (
        <span
          aria-hidden
          className="ml-px inline-block h-[1.1em] w-0.5 animate-pulse bg-accent align-[-0.2em]"
        />
      )}
    </span>
  );
}
