import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatMode } from '../../../shared/chats/chat.ts';
import type { ModelSummary } from '../../../shared/checkpoints/checkpoint.ts';
import { api } from '../../client/client.ts';
import { formatCount, formatPercent } from '../../format/format.ts';
import { findModel } from '../../models/model-options.ts';
import { useDebounced } from '../../client/use-debounced.ts';
import { Notice } from '../../components/notice.tsx';

export interface PromptPreviewNoticeProps {
  readonly mode: ChatMode;
  readonly chat: number | undefined;
  readonly after: number | undefined;
  /** Characters of what was written before. */
  readonly before: number;
  readonly prompt: string;
  readonly systemPrompt: string;
  readonly checkpoints: readonly string[];
  readonly models: readonly ModelSummary[];
}

/** How long typing must rest before tokens are counted, in milliseconds. */
const typingRest = 300;

/** A character becomes this many tokens at most, where each of its bytes is one. */
const mostTokensOfCharacter = 3;

/** Says, before a text is sent, what of it the model will not see because its context is shorter. */
export function PromptPreviewNotice(props: PromptPreviewNoticeProps): JSX.Element | null {
  const { mode, chat, after, before, systemPrompt, checkpoints, models } = props;
  const { t } = useTranslation('write');
  const prompt = useDebounced(props.prompt, typingRest);
  const known = checkpoints.flatMap((reference) => findModel(models, reference) ?? []);
  const shortest = Math.min(...known.map(({ contextLength }) => contextLength));
  const mayBeTooLong = mostTokensOfCharacter * (before + prompt.length + systemPrompt.length) > shortest;
  const { data } = useQuery({
    ...api.chats.preview.queryOptions({
      input: {
        mode,
        prompt,
        systemPrompt,
        checkpoints: known.map(({ reference }) => reference),
        ...(chat === undefined ? {} : { chat }),
        ...(after === undefined ? {} : { after }),
      },
    }),
    enabled: known.length > 0 && mayBeTooLong,
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  });
  if (!mayBeTooLong || prompt.trim() === '') return null;
  // The one that sees least says enough for both.
  const [least] = (data ?? []).filter(({ unseen }) => unseen > 0).toSorted((a, b) => b.unseen - a.unseen);
  if (least === undefined) return null;
  const facts = {
    model: least.checkpoint,
    tokens: formatCount(least.tokens),
    limit: formatCount(least.limit),
    seen: formatCount(least.tokens - least.unseen),
    unseen: formatCount(least.unseen),
    share: formatPercent(least.unseen / least.tokens, 0),
    begins: least.begins,
  };
  return least.unseenOfPrompt > 0 ? (
    <Notice tone="warning" title={t('tooLong', facts)}>
      {t('tooLongText', facts)}
    </Notice>
  ) : (
    <p className="text-sm text-ink-faint">{t('forgets', facts)}</p>
  );
}
