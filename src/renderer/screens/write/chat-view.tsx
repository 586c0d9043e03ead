import type { JSX } from 'react';
import { NotWritten } from './not-written.tsx';
import { ReplyBar } from './reply-bar.tsx';
import { ReplyContent } from './reply-content.tsx';
import type { ConversationViewProps } from './text-view.tsx';
import { TurnActions } from './turn-actions.tsx';
import { attemptsOf, replyOnSide } from './versions.ts';

/** A conversation in bubbles: a person's at the right, the model's at the left. */
export function ChatView({
  turns,
  side,
  checkpoint,
  goesOn = false,
  probabilities,
  onAgain,
  onEdit,
  onKeepSeed,
}: ConversationViewProps): JSX.Element {
  return (
    <ol className="flex flex-col gap-4">
      {turns.map((shown) => {
        const { turn } = shown;
        const last = shown === turns.at(-1) && !goesOn;
        const own = attemptsOf(turn, side).shown;
        const reply = last ? own : replyOnSide(turn, side);
        return (
          <li key={turn.id} className="flex flex-col gap-3">
            <div className="flex max-w-[85%] items-start gap-1 self-end">
              <TurnActions shown={shown} onEdit={onEdit} />
              <p className="rounded-xl rounded-br-sm bg-accent-soft px-3.5 py-2 wrap-anywhere whitespace-pre-wrap">
                {turn.prompt}
              </p>
            </div>
            {reply !== undefined && (
              <div className="flex max-w-[92%] flex-col gap-1.5 self-start">
                <div className="rounded-xl rounded-bl-sm border border-line bg-surface px-3.5 py-2 wrap-anywhere whitespace-pre-wrap shadow-card">
                  <ReplyContent reply={reply} probabilities={probabilities} />
                </div>
                <ReplyBar
                  turn={turn}
                  reply={reply}
                  checkpoint={checkpoint}
                  onAgain={onAgain}
                  onKeepSeed={onKeepSeed}
                />
              </div>
            )}
            {last && reply === undefined && (
              <NotWritten checkpoint={checkpoint} onWrite={() => onAgain(turn, side)} />
            )}
          </li>
        );
      })}
    </ol>
  );
}
