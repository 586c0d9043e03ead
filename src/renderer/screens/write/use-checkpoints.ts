import { useState } from 'react';
import type { Chat } from '../../../shared/chats/chat.ts';
import type { ModelSummary } from '../../../shared/checkpoints/checkpoint.ts';
import { useHeldModel } from '../../models/model-options.ts';

/** What the address names for a text that is about to begin. */
export interface NamedCheckpoints {
  readonly checkpoint?: string | undefined;
  readonly with?: string | undefined;
}

export interface Checkpoints {
  /** One, or two side by side. */
  readonly checkpoints: readonly string[];
  readonly choose: (checkpoints: readonly string[]) => void;
}

/** What a model must be able to do here. */
export const writingTasks = ['generate'] as const;

/** Which checkpoints write: those of the conversation, what was chosen for it since, or those of a text that begins. */
export function useCheckpoints(
  chat: Chat | undefined,
  models: readonly ModelSummary[],
  named: NamedCheckpoints,
  onNamed: (named: NamedCheckpoints) => void,
): Checkpoints {
  const [chosen, setChosen] = useState<{ readonly chat: number; readonly checkpoints: readonly string[] }>();
  const first = useHeldModel(models, named.checkpoint, writingTasks);
  const second = useHeldModel(models, named.with, writingTasks);
  if (chat !== undefined)
    return {
      checkpoints: chosen?.chat === chat.id ? chosen.checkpoints : chat.checkpoints,
      choose: (checkpoints) => setChosen({ chat: chat.id, checkpoints }),
    };
  return {
    checkpoints: [first, named.with === undefined ? undefined : second].filter(
      (reference) => reference !== undefined,
    ),
    choose: ([checkpoint, other]) => onNamed({ checkpoint, with: other }),
  };
}
