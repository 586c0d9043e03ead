import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ChatMode, ChatTurn } from '../../../shared/chats/chat.ts';
import { api, client } from '../../client/client.ts';
import { settingsForReply, type WritingSettings } from './sampling.ts';

export interface WritingPlace {
  /** The conversation; undefined for one that begins with what is written. */
  readonly chat: number | undefined;
  readonly mode: ChatMode;
  readonly checkpoints: readonly string[];
  readonly settings: WritingSettings;
}

export interface NewTurn {
  readonly prompt: string;
  readonly after: number | undefined;
  /** The turn that it is another version of, for one that was edited. */
  readonly edited?: number;
}

/** What begins to write: a turn, or another attempt of a reply. */
export function useWriting(place: WritingPlace, onWritten: (chat: number, turn: NewTurn) => void) {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: api.chats.key() });

  const write = useMutation({
    mutationFn: async ({ prompt, after }: NewTurn) => {
      const checkpoints = [...place.checkpoints];
      const settings = settingsForReply(place.settings);
      const begun =
        place.chat === undefined
          ? (await client.chats.create({ mode: place.mode, checkpoints, settings })).chat
          : undefined;
      const chat = begun ?? place.chat ?? 0;
      try {
        await client.chats.write({
          chat,
          prompt,
          checkpoints,
          settings,
          ...(after === undefined ? {} : { after }),
        });
        return chat;
      } catch (error) {
        // Nothing is in it: the person writes again and gets another.
        if (begun !== undefined) await client.chats.delete({ chat: begun }).catch(() => undefined);
        throw error;
      }
    },
    onSuccess: async (chat, turn) => {
      await refresh();
      onWritten(chat, turn);
    },
  });

  const again = useMutation({
    mutationFn: ({ turn, side }: { readonly turn: ChatTurn; readonly side: number }) => {
      const checkpoint = place.checkpoints[side] ?? place.checkpoints[0] ?? '';
      return client.chats.regenerate({
        turn: turn.id,
        side,
        checkpoint,
        settings: settingsForReply(place.settings),
      });
    },
    onSuccess: refresh,
  });

  return { write, again };
}
