import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatTurn } from '../../../shared/chats/chat.ts';
import { NotWritten } from './not-written.tsx';
import { ReplyBar } from './reply-bar.tsx';
import { ReplyContent } from './reply-content.tsx';
import { TurnActions } from './turn-actions.tsx';
import { attemptsOf, replyOnSide, type ShownTurn } from './versions.ts';

export interface ConversationViewProps {
  readonly turns: readonly ShownTurn[];
  /** 0 or 1: which of two checkpoints side by side. */
  readonly side: number;
  /** The checkpoint that writes on this side. */
  readonly checkpoint: string;
  /** A beginning that others go on from: nothing is to be done with its end. */
  readonly goesOn?: boolean;
  readonly probabilities: boolean;
  readonly onAgain: (turn: ChatTurn, side: number) => void;
  readonly onEdit: (turn: ChatTurn) => void;
  readonly onKeepSeed: (seed: number) => void;
}

/** One growing text: a person's words in the usual ink, the model's on a tint of their own. */
export function TextView({
  turns,
  side,
  checkpoint,
  goesOn = false,
  probabilities,
  onAgain,
  onEdit,
  onKeepSeed,
}: ConversationViewProps): JSX.Element {
  const { t } = useTranslation('write');
  const lastShown = turns.at(-1);
  const last = lastShown?.turn;
  const lastReply = last === undefined || goesOn ? undefined : attemptsOf(last, side).shown;
  return (
    <div className="flex flex-col gap-3">
      <div
        role="group"
        aria-label={t('textLabel')}
        className="text-lg leading-7 wrap-anywhere whitespace-pre-wrap"
      >
        {turns.map((shown) => {
          const own = attemptsOf(shown.turn, side).shown;
          // At the end of a text, what the other side wrote is not this one's.
          const reply = shown.turn === last && !goesOn ? own : replyOnSide(shown.turn, side);
          return (
            <span key={shown.turn.id}>
              {shown.turn.prompt !== '' && <span className="font-medium">{shown.turn.prompt}</span>}
              {reply !== undefined && (
                <ReplyContent
                  reply={reply}
                  probabilities={probabilities}
                  className={probabilities || reply !== own ? '' : 'text-accent-text'}
                />
              )}
              {(shown.turn !== last || goesOn) && (
                <span className="mx-1 inline-flex rounded-md border border-line align-middle opacity-60 transition-opacity focus-within:opacity-100 hover:opacity-100">
                  <TurnActions shown={shown} onEdit={onEdit} />
                </span>
              )}
            </span>
          );
        })}
      </div>
      {last !== undefined && lastReply !== undefined && (
        <ReplyBar
          turn={last}
          reply={lastReply}
          checkpoint={checkpoint}
          onAgain={onAgain}
          onKeepSeed={onKeepSeed}
          actions={lastShown !== undefined && <TurnActions shown={lastShown} onEdit={onEdit} />}
        />
      )}
      {last !== undefined && lastReply === undefined && !goesOn && (
        <NotWritten checkpoint={checkpoint} onWrite={() => onAgain(last, side)} />
      )}
    </div>
  );
}
