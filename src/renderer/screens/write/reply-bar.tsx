import { useMutation } from '@tanstack/react-query';
import { Dices, RotateCcw, Square } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatReply, ChatTurn } from '../../../shared/chats/chat.ts';
import { api } from '../../client/client.ts';
import { formatCount, formatNumber } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Explain } from '../../components/explain.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { toastError } from '../../components/toast.tsx';
import { Stepper } from './stepper.tsx';
import { attemptsOf } from './versions.ts';

export interface ReplyBarProps {
  readonly turn: ChatTurn;
  readonly reply: ChatReply;
  /** The checkpoint that writes now; a reply by another one says so. */
  readonly checkpoint: string;
  /** Writes another attempt. */
  readonly onAgain: (turn: ChatTurn, side: number) => void;
  readonly onKeepSeed: (seed: number) => void;
  /** Further things to do. */
  readonly actions?: ReactNode;
}

/** What can be done with a reply, what is to be known of it, and what went wrong with it. */
export function ReplyBar({
  turn,
  reply,
  checkpoint,
  onAgain,
  onKeepSeed,
  actions,
}: ReplyBarProps): JSX.Element {
  const { t } = useTranslation('write');
  const stop = useMutation(api.chats.stop.mutationOptions({ onError: toastError }));
  const select = useMutation(api.chats.select.mutationOptions({ onError: toastError }));
  const { attempts } = attemptsOf(turn, reply.side);
  const index = attempts.findIndex(({ id }) => id === reply.id);
  return (
    <div className="flex flex-col gap-2 font-sans">
      <Outcome reply={reply} />
      <div className="-ml-2 flex flex-wrap items-center gap-1">
        {reply.status === 'writing' ? (
          <Button
            size="small"
            icon={Square}
            busy={stop.isPending}
            onClick={() => stop.mutate({ reply: reply.id })}
          >
            {t('stop')}
          </Button>
        ) : (
          <>
            <Button size="small" variant="quiet" icon={RotateCcw} onClick={() => onAgain(turn, reply.side)}>
              {t('again')}
            </Button>
            <CopyButton text={reply.text} what={t('copyText')} />
            <IconButton
              icon={Dices}
              label={t('useSeed', { seed: reply.settings.seed })}
              onClick={() => onKeepSeed(reply.settings.seed)}
            />
          </>
        )}
        {attempts.length > 1 && (
          <Stepper
            label={t('attempts')}
            previousLabel={t('previousAttempt')}
            nextLabel={t('nextAttempt')}
            index={index}
            count={attempts.length}
            onIndex={(next) => {
              const chosen = attempts[next];
              if (chosen !== undefined) select.mutate({ reply: chosen.id });
            }}
          />
        )}
        {reply.status !== 'writing' && actions}
        <Facts reply={reply} checkpoint={checkpoint} />
      </div>
    </div>
  );
}

function Facts({ reply, checkpoint }: Pick<ReplyBarProps, 'reply' | 'checkpoint'>): JSX.Element | null {
  const { t } = useTranslation('write');
  const { writtenTokens, tokensPerSecond, reason } = reply;
  if (reply.status !== 'done' || writtenTokens === undefined) return null;
  const end = reason === undefined ? undefined : t(endName(reason));
  return (
    <span className="figures ml-auto flex items-center text-sm text-ink-faint">
      {[
        ...(reply.checkpoint === checkpoint ? [] : [t('by', { model: reply.checkpoint })]),
        t('tokens', { count: writtenTokens, counted: formatCount(writtenTokens) }),
        ...(tokensPerSecond === undefined || tokensPerSecond === 0
          ? []
          : [t('perSecond', { speed: formatNumber(tokensPerSecond, tokensPerSecond < 10 ? 1 : 0) })]),
        ...(end === undefined ? [] : [end]),
      ].join(' · ')}
      <Explain term="writing.tokensPerSecond" />
    </span>
  );
}

function Outcome({ reply }: { readonly reply: ChatReply }): JSX.Element | null {
  const { t } = useTranslation('write');
  switch (reply.status) {
    case 'failed':
      return <ErrorNotice error={reply.error} />;
    case 'interrupted':
      return <Notice tone="warning">{t('interrupted')}</Notice>;
    case 'done':
      return reply.text === '' && reply.reason === 'endOfText' ? (
        <Notice tone="info">{t('nothingWritten')}</Notice>
      ) : null;
    case 'writing':
      return null;
  }
}

function endName(
  reason: NonNullable<ChatReply['reason']>,
): 'endLength' | 'endText' | 'endStop' | 'endCancelled' {
  switch (reason) {
    case 'length':
      return 'endLength';
    case 'endOfText':
      return 'endText';
    case 'stop':
      return 'endStop';
    case 'cancelled':
      return 'endCancelled';
  }
}
