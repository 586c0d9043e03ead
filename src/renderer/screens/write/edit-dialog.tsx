import { useRef, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatTurn } from '../../../shared/chats/chat.ts';
import { useDraft } from '../../client/draft.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { TextArea } from '../../components/text-area.tsx';

export interface EditDialogProps {
  readonly turn: ChatTurn;
  readonly onClose: () => void;
  readonly onWrite: (turn: ChatTurn, prompt: string) => void;
}

/** The name of the draft of a message's next version. */
export const editDraft = (turn: number): string => `edit ${turn}`;

/** Changes what was written and has the model write anew from there. */
export function EditDialog({ turn, onClose, onWrite }: EditDialogProps): JSX.Element {
  const { t } = useTranslation('write');
  const [prompt = turn.prompt, setPrompt] = useDraft(editDraft(turn.id));
  const input = useRef<HTMLTextAreaElement>(null);
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('editTitle')}
      description={t('editText')}
      initialFocus={input}
      actions={
        <>
          <Button
            onClick={() => {
              setPrompt(undefined);
              onClose();
            }}
          >
            {t('cancel')}
          </Button>
          <Button variant="primary" onClick={() => onWrite(turn, prompt)}>
            {t('write')}
          </Button>
        </>
      }
    >
      <Field label={t('promptLabel')} explain="writing.prompt">
        <TextArea ref={input} value={prompt} onChange={setPrompt} rows={8} />
      </Field>
    </Dialog>
  );
}
