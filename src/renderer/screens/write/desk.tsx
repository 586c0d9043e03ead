import { useMutation } from '@tanstack/react-query';
import { Columns2, MessagesSquare, PanelLeft, Settings2, TextCursorInput, X } from 'lucide-react';
import { useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Chat, ChatMode, ChatTurn } from '../../../shared/chats/chat.ts';
import type { ModelSummary } from '../../../shared/checkpoints/checkpoint.ts';
import { api } from '../../client/client.ts';
import { forgetDraft, useDraft } from '../../client/draft.ts';
import { findModel, refusalOf, usualModel } from '../../models/model-options.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Explain } from '../../components/explain.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { MiddleCut } from '../../components/middle-cut.tsx';
import { ModelPicker } from '../../models/model-picker.tsx';
import { Notice } from '../../components/notice.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import { Switch } from '../../components/switch.tsx';
import { toastError } from '../../components/toast.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { ChatView } from './chat-view.tsx';
import { Composer } from './composer.tsx';
import { editDraft, EditDialog } from './edit-dialog.tsx';
import { Following } from './following.tsx';
import { PromptPreviewNotice } from './prompt-preview-notice.tsx';
import type { WritingSettings } from './sampling.ts';
import { TextView } from './text-view.tsx';
import type { WritingMode } from './use-mode.ts';
import { writingTasks } from './use-checkpoints.ts';
import { useWriting } from './use-writing.ts';
import { shownTurns, splitBeginning } from './versions.ts';

export interface DeskProps extends WritingMode {
  /** The conversation; undefined for one that is about to begin. */
  readonly chat: Chat | undefined;
  readonly models: readonly ModelSummary[];
  /** One checkpoint, or two side by side. */
  readonly checkpoints: readonly string[];
  readonly onCheckpoints: (checkpoints: readonly string[]) => void;
  readonly settings: WritingSettings;
  readonly onSettings: (settings: WritingSettings) => void;
  readonly probabilities: boolean;
  readonly onProbabilities: (shown: boolean) => void;
  readonly listShown: boolean;
  readonly onListShown: (shown: boolean) => void;
  readonly settingsShown: boolean;
  readonly onSettingsShown: (shown: boolean) => void;
  /** Something was written in a conversation, which may have begun with it. */
  readonly onWritten: (chat: number) => void;
}

/** Where one writes: the models, the text so far, and what comes next. */
export function Desk(props: DeskProps): JSX.Element {
  const { chat, mode, onMode, models, onCheckpoints, settings, onSettings, probabilities } = props;
  // "The best of a run" is one checkpoint now and another later: what is written says which it was.
  const checkpoints = props.checkpoints.map(
    (reference) => findModel(models, reference)?.reference ?? reference,
  );
  const { t } = useTranslation('write');
  const [prompt = '', setPrompt] = useDraft(`prompt ${chat?.id ?? 'new'}`);
  const [editing, setEditing] = useState<ChatTurn>();
  const input = useRef<HTMLTextAreaElement>(null);
  const turns = chat === undefined ? [] : shownTurns(chat);
  const { write, again } = useWriting(
    { chat: chat?.id, mode, checkpoints, settings },
    (begun, { prompt: sent, edited }) => {
      // What stands in the box is another text when an earlier message was edited, or when one typed on meanwhile.
      if (edited !== undefined) forgetDraft(editDraft(edited));
      else if (input.current?.value === sent) setPrompt(undefined);
      setEditing(undefined);
      props.onWritten(begun);
    },
  );
  const stop = useMutation(api.chats.stop.mutationOptions({ onError: toastError }));
  const writing = turns.flatMap(({ turn }) => turn.replies).filter(({ status }) => status === 'writing');
  const missing = checkpoints.filter((reference) => findModel(models, reference) === undefined);
  const refused = checkpoints.flatMap((reference) => {
    const reason = refusalOf(findModel(models, reference), writingTasks);
    return reason === undefined ? [] : [{ reference, reason }];
  });
  const last = turns.at(-1)?.turn;
  const sides = checkpoints.length;
  const { beginning, apart } = sides > 1 ? splitBeginning(turns) : { beginning: [], apart: turns };
  const View = mode === 'chat' ? ChatView : TextView;
  const view = {
    probabilities,
    onAgain: (turn: ChatTurn, side: number) => again.mutate({ turn, side }),
    onEdit: setEditing,
    onKeepSeed: (seed: number) => {
      onSettings({ ...settings, seed, newSeed: false });
      props.onSettingsShown(true);
    },
  };

  return (
    <section className="flex min-h-0 min-w-0 flex-1 flex-col rounded-lg border border-line bg-surface shadow-card">
      <header className="@container border-b border-line px-3 py-2">
        <div className="flex flex-wrap items-center gap-2">
          <IconButton
            icon={PanelLeft}
            label={t(props.listShown ? 'hideList' : 'showList')}
            aria-expanded={props.listShown}
            onClick={() => props.onListShown(!props.listShown)}
          />
          <Pickers models={models} checkpoints={checkpoints} onCheckpoints={onCheckpoints} />
          <IconButton
            icon={Settings2}
            label={t(props.settingsShown ? 'hideSettings' : 'showSettings')}
            aria-expanded={props.settingsShown}
            onClick={() => props.onSettingsShown(!props.settingsShown)}
            className="@3xl:order-last"
          />
          {/* On a line of its own where the models need the whole of theirs. */}
          <span className="flex basis-full items-center justify-end gap-1 @3xl:basis-auto">
            <Switch label={t('probabilities')} checked={probabilities} onChange={props.onProbabilities} />
            <Explain term="writing.probability" />
          </span>
        </div>
      </header>
      <Following begun={last?.id}>
        {turns.length === 0 ? (
          <Beginning mode={mode} />
        ) : (
          <div className={`mx-auto flex w-full flex-col gap-6 ${sides > 1 ? '' : 'max-w-3xl'}`}>
            {beginning.length > 0 && (
              <View {...view} turns={beginning} side={0} checkpoint={checkpoints[0] ?? ''} goesOn />
            )}
            <div className={`grid gap-6 ${sides > 1 ? 'grid-cols-2' : ''}`}>
              {checkpoints.map((reference, side) => (
                <div key={side} className="min-w-0">
                  {sides > 1 && (
                    <h2 className="mb-2 text-sm font-semibold text-ink-faint">
                      <MiddleCut text={reference} />
                    </h2>
                  )}
                  <View {...view} turns={apart} side={side} checkpoint={reference} />
                </div>
              ))}
            </div>
          </div>
        )}
      </Following>
      <footer className="border-t border-line p-3">
        <div className="mx-auto flex w-full max-w-3xl flex-col gap-2">
          {probabilities && turns.length > 0 && (
            <p className="text-sm text-ink-faint">{t('probabilitiesHint')}</p>
          )}
          {missing.length > 0 && (
            <Notice tone="warning" title={`${missing.join(', ')}: ${t('modelGone')}`}>
              {t('modelGoneText')}
            </Notice>
          )}
          {refused.map(({ reference, reason }) => (
            <Notice key={reference} tone="warning" title={`${reference}: ${reason}`}>
              {t('modelCannotText')}
            </Notice>
          ))}
          <ErrorNotice error={write.error ?? again.error} />
          {onMode !== undefined && (
            <span className="flex items-center gap-1">
              <SegmentedControl<ChatMode>
                label={t('mode')}
                value={mode}
                onChange={onMode}
                options={[
                  { value: 'chat', label: t('modeChat'), icon: MessagesSquare },
                  { value: 'write', label: t('modeWrite'), icon: TextCursorInput },
                ]}
              />
              <Explain term="writing.chatTemplate" />
            </span>
          )}
          <PromptPreviewNotice
            mode={mode}
            chat={chat?.id}
            after={last?.id}
            before={turns.reduce((sum, { turn }) => sum + lengthOf(turn), 0)}
            prompt={prompt}
            systemPrompt={settings.systemPrompt}
            checkpoints={checkpoints}
            models={models}
          />
          <Composer
            mode={mode}
            beginning={turns.length === 0}
            prompt={prompt}
            onPrompt={setPrompt}
            onWrite={() => write.mutate({ prompt, after: last?.id })}
            onStop={
              writing.length === 0
                ? undefined
                : () => {
                    for (const { id } of writing) stop.mutate({ reply: id });
                  }
            }
            busy={write.isPending}
            disabled={checkpoints.length === 0 || missing.length > 0 || refused.length > 0}
            inputRef={input}
          />
        </div>
      </footer>
      {editing !== undefined && (
        <EditDialog
          turn={editing}
          onClose={() => setEditing(undefined)}
          onWrite={(turn, changed) => write.mutate({ prompt: changed, after: turn.parent, edited: turn.id })}
        />
      )}
    </section>
  );
}

/** Characters of a turn and of what was replied to it. */
function lengthOf({ prompt, replies }: ChatTurn): number {
  return prompt.length + Math.max(0, ...replies.map(({ text }) => text.length));
}

/** Which checkpoint writes, or which two. */
function Pickers({
  models,
  checkpoints,
  onCheckpoints,
}: Pick<DeskProps, 'models' | 'checkpoints' | 'onCheckpoints'>): JSX.Element {
  const { t } = useTranslation('write');
  const compared = checkpoints.length > 1;
  return (
    <div className="flex min-w-0 flex-1 items-center gap-2">
      {checkpoints.map((reference, side) => (
        <div key={side} className="flex max-w-96 min-w-0 flex-1 items-center">
          <ModelPicker
            label={t(compared ? (side === 0 ? 'modelLeft' : 'modelRight') : 'model')}
            models={models}
            tasks={writingTasks}
            value={reference}
            onChange={(chosen) =>
              onCheckpoints(checkpoints.map((other, index) => (index === side ? chosen : other)))
            }
            className="min-w-0 flex-1"
          />
          {side > 0 && (
            <IconButton
              icon={X}
              label={t('stopComparing', { model: reference })}
              onClick={() => onCheckpoints(checkpoints.slice(0, side))}
            />
          )}
        </div>
      ))}
      {!compared && (
        <Tooltip text={t('compareHint')}>
          <Button
            size="small"
            variant="quiet"
            icon={Columns2}
            onClick={() => onCheckpoints([...checkpoints, otherThan(models, checkpoints[0])])}
          >
            {t('compare')}
          </Button>
        </Tooltip>
      )}
    </div>
  );
}

/** A second model to compare with: the best of another run where there is one, else another one. */
function otherThan(models: readonly ModelSummary[], reference: string | undefined): string {
  const first = reference === undefined ? undefined : findModel(models, reference);
  const others = models.filter(({ reference: other }) => other !== first?.reference);
  const ofOtherRuns = others.filter(({ reference: other }) => runPart(other) !== runPart(first?.reference));
  return (
    (usualModel(ofOtherRuns, writingTasks) ?? usualModel(others, writingTasks) ?? models[0])?.reference ?? ''
  );
}

/** Of RUN@step the run; an imported model’s whole name. */
function runPart(reference: string | undefined): string | undefined {
  return reference?.split('@', 1)[0];
}

function Beginning({ mode }: { readonly mode: ChatMode }): JSX.Element {
  const { t } = useTranslation('write');
  return mode === 'chat' ? (
    <EmptyState icon={MessagesSquare} title={t('draftChatTitle')} text={t('draftChatText')} />
  ) : (
    <EmptyState icon={TextCursorInput} title={t('draftTitle')} text={t('draftText')} />
  );
}
