import type { Chat, ChatReply, ChatTurn } from '../../../shared/chats/chat.ts';

/** A turn as it is shown, with its place among its versions. */
export interface ShownTurn {
  readonly turn: ChatTurn;
  readonly versions: readonly ChatTurn[];
}

/** The turns that are shown: from the beginning on, the selected version of each. */
export function shownTurns(chat: Pick<Chat, 'turnList'>): readonly ShownTurn[] {
  const shown: ShownTurn[] = [];
  let parent: number | undefined;
  for (;;) {
    const before = parent;
    const versions = chat.turnList.filter((turn) => turn.parent === before);
    const turn = versions.find(({ selected }) => selected) ?? versions.at(-1);
    if (turn === undefined) return shown;
    shown.push({ turn, versions });
    parent = turn.id;
  }
}

/** The attempts of a side, the earliest first, and the one that is shown. */
export function attemptsOf(
  turn: ChatTurn,
  side: number,
): { readonly attempts: readonly ChatReply[]; readonly shown: ChatReply | undefined } {
  const attempts = turn.replies.filter((reply) => reply.side === side);
  return { attempts, shown: attempts.find(({ selected }) => selected) ?? attempts.at(-1) };
}

/** What a side of a turn goes on with: its own reply, else that of the other side, which was alone then. */
export function replyOnSide(turn: ChatTurn, side: number): ChatReply | undefined {
  return attemptsOf(turn, side).shown ?? attemptsOf(turn, 1 - side).shown;
}

/**
 * A text for two checkpoints side by side: the beginning that one wrote alone and both go on from, and what stands apart.
 * The last turn always stands apart: the other checkpoint can still write its own.
 */
export function splitBeginning(turns: readonly ShownTurn[]): {
  readonly beginning: readonly ShownTurn[];
  readonly apart: readonly ShownTurn[];
} {
  const first = turns.findIndex(
    ({ turn }, index) => index === turns.length - 1 || new Set(turn.replies.map(({ side }) => side)).size > 1,
  );
  return first === -1
    ? { beginning: [], apart: turns }
    : { beginning: turns.slice(0, first), apart: turns.slice(first) };
}
