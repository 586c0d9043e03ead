import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { PenLine, Plus } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { chatSettingsSchema, longestSystemPrompt, type Chat } from '../../../shared/chats/chat.ts';
import type { ModelSummary } from '../../../shared/checkpoints/checkpoint.ts';
import { api } from '../../client/client.ts';
import { forgetDraft, useDraft } from '../../client/draft.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { NoModels } from '../../models/no-models.tsx';
import { TextArea } from '../../components/text-area.tsx';
import { ChatList } from './chat-list.tsx';
import { Desk } from './desk.tsx';
import { usualSettings, type WritingSettings } from './sampling.ts';
import { SettingsPanel } from './settings-panel.tsx';
import { useCheckpoints, type Checkpoints } from './use-checkpoints.ts';
import { useMode } from './use-mode.ts';
import { useStored } from './use-stored.ts';

const route = getRouteApi('/project/write');

const storedSettingsSchema = chatSettingsSchema.extend({ newSeed: z.boolean() });
const parseBoolean = (stored: unknown): boolean => z.boolean().parse(stored);
const parseSettings = (stored: unknown): WritingSettings => storedSettingsSchema.parse(stored);

/** Texts and conversations with the project's models. */
export function WriteScreen(): JSX.Element {
  const { t } = useTranslation('write');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const models = useQuery(api.checkpoints.listAll.queryOptions());
  const chats = useQuery(api.chats.list.queryOptions({ input: {} }));
  const shown = useQuery({
    ...api.chats.show.queryOptions({ input: { chat: search.chat ?? 0 } }),
    enabled: search.chat !== undefined,
  });
  const chat = search.chat === undefined ? undefined : shown.data;
  const writers = useCheckpoints(chat, models.data ?? [], search, (named) => {
    void navigate({ search: named, replace: true });
  });
  const nothing = models.data?.length === 0 && chats.data?.length === 0;
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      fill
      actions={
        !nothing && (
          <Button
            icon={Plus}
            // The models stay: one writes the next text with what one wrote this one.
            onClick={() =>
              void navigate({ search: { checkpoint: writers.checkpoints[0], with: writers.checkpoints[1] } })
            }
            disabled={search.chat === undefined}
          >
            {t('new')}
          </Button>
        )
      }
    >
      <ErrorNotice error={models.error} onRetry={() => void models.refetch()} />
      {models.isPending && <Loading />}
      {nothing && <NoModels icon={PenLine} title={t('emptyTitle')} text={t('emptyText')} />}
      {models.data !== undefined && !nothing && (
        <Workplace models={models.data} chat={chat} shown={shown} writers={writers} />
      )}
    </Page>
  );
}

interface WorkplaceProps {
  readonly models: readonly ModelSummary[];
  readonly chat: Chat | undefined;
  /** How the conversation of the address was read. */
  readonly shown: { readonly error: Error | null; readonly isPending: boolean };
  readonly writers: Checkpoints;
}

function Workplace({ models, chat, shown, writers }: WorkplaceProps): JSX.Element {
  const { t } = useTranslation('write');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [settings, setSettings] = useStored('loam-writing-settings', usualSettings, parseSettings);
  const changeSettings = (next: WritingSettings): void => setSettings({ ...next, systemPrompt: '' });
  const [probabilities, setProbabilities] = useStored('loam-writing-probabilities', false, parseBoolean);
  const [listShown, setListShown] = useStored('loam-writing-list', true, parseBoolean);
  const [settingsShown, setSettingsShown] = useStored(
    'loam-writing-settings-shown',
    window.innerWidth >= 1200,
    parseBoolean,
  );
  const { checkpoints } = writers;
  const writingMode = useMode(chat, models, checkpoints[0]);
  // It belongs to its conversation, and is not carried on into the next as the other settings are.
  const systemDraft = `system prompt ${search.chat ?? 'new'}`;
  const [systemPrompt = chat?.settings.systemPrompt ?? '', setSystemPrompt] = useDraft(systemDraft);

  return (
    <div className="flex min-h-0 flex-1 gap-4">
      {listShown && (
        <aside
          aria-label={t('chats')}
          className="w-52 shrink-0 overflow-hidden rounded-lg border border-line bg-surface shadow-card"
        >
          <ChatList
            selected={search.chat}
            onSelect={(id) => void navigate({ search: { chat: id } })}
            onDeleted={(id) => {
              if (id === search.chat) void navigate({ search: {} });
            }}
          />
        </aside>
      )}
      {search.chat !== undefined && shown.error !== null && (
        <div className="flex-1">
          <ErrorNotice
            error={shown.error}
            actions={
              <Button size="small" onClick={() => void navigate({ search: {} })}>
                {t('chatGone')}
              </Button>
            }
          />
        </div>
      )}
      {search.chat !== undefined && shown.isPending && <Loading />}
      {(search.chat === undefined || chat !== undefined) && (
        <Desk
          key={search.chat ?? 'new'}
          chat={chat}
          models={models}
          checkpoints={checkpoints}
          {...writingMode}
          onCheckpoints={writers.choose}
          settings={{ ...settings, systemPrompt }}
          onSettings={changeSettings}
          probabilities={probabilities}
          onProbabilities={setProbabilities}
          listShown={listShown}
          onListShown={setListShown}
          settingsShown={settingsShown}
          onSettingsShown={setSettingsShown}
          onWritten={(id) => {
            // From now on the conversation keeps it.
            forgetDraft(systemDraft);
            if (id !== search.chat) void navigate({ search: { chat: id } });
          }}
        />
      )}
      {settingsShown && (
        <aside
          aria-label={t('settings')}
          className="w-60 shrink-0 overflow-hidden rounded-lg border border-line bg-surface shadow-card"
        >
          <h2 className="border-b border-line px-4 py-2.5 font-semibold">{t('settings')}</h2>
          <div className="h-[calc(100%-2.75rem)] overflow-y-auto p-4">
            {writingMode.mode === 'chat' && (
              <Field
                label={t('systemPrompt')}
                explain="writing.systemPrompt"
                hint={t('systemPromptHint')}
                className="mb-4"
              >
                <TextArea
                  rows={4}
                  value={systemPrompt}
                  onChange={setSystemPrompt}
                  maxLength={longestSystemPrompt}
                  placeholder={t('systemPromptPlaceholder')}
                />
              </Field>
            )}
            <SettingsPanel settings={settings} onChange={changeSettings} />
          </div>
        </aside>
      )}
    </div>
  );
}
