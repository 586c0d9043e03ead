import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Chat, ChatMode } from '../../../shared/chats/chat.ts';
import type { ModelSummary } from '../../../shared/checkpoints/checkpoint.ts';
import { api } from '../../client/client.ts';
import { findModel } from '../../models/model-options.ts';

export interface WritingMode {
  readonly mode: ChatMode;
  /** Given where a person can choose: before anything was written, with a model that can do both. */
  readonly onMode: ((mode: ChatMode) => void) | undefined;
}

/** Whether a text is continued or a conversation held: what a conversation is, or what its model was made for. */
export function useMode(
  chat: Chat | undefined,
  models: readonly ModelSummary[],
  first: string | undefined,
): WritingMode {
  const [wanted, setWanted] = useState<ChatMode>();
  const known = first === undefined ? undefined : findModel(models, first);
  const card = useQuery({
    ...api.checkpoints.show.queryOptions({ input: { reference: known?.reference ?? '' } }),
    enabled: chat === undefined && known !== undefined,
  });
  if (chat !== undefined) return { mode: chat.mode, onMode: undefined };
  return card.data?.chat === true
    ? { mode: wanted ?? 'chat', onMode: setWanted }
    : { mode: 'write', onMode: undefined };
}
