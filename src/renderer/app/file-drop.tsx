import { useNavigate } from '@tanstack/react-router';
import { FileInput } from 'lucide-react';
import { lazy, Suspense, useEffect, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { toast, toastError } from '../components/toast.tsx';
import { incomingOfDrop, type Incoming } from '../screens/data/incoming.ts';
import { useCurrentProject } from '../client/current-project.ts';
import { holdsFiles, isEditable, modalIsOpen } from './held-files.ts';

const ImportDialog = lazy(async () => ({
  default: (await import('../screens/data/import-dialog.tsx')).ImportDialog,
}));

/**
 * Files that are dropped anywhere in the window are offered for an import, over the screen that is shown: a browser
 * left to itself opens them in place of the page, and what was typed there is gone.
 */
export function FileDrop(): JSX.Element | null {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const project = useCurrentProject();
  const [over, setOver] = useState(false);
  const [incoming, setIncoming] = useState<Incoming>();

  useEffect(() => {
    const onDragOver = (event: DragEvent): void => {
      if (event.defaultPrevented) {
        // A part of the screen takes what is held over it, and says so itself.
        setOver(false);
        return;
      }
      const files = holdsFiles(event);
      if (!files && isEditable(event.target)) return;
      event.preventDefault();
      const taken = files && !modalIsOpen();
      if (!taken && event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none';
      setOver(taken);
    };
    const onDragLeave = (event: DragEvent): void => {
      // Without an element that it goes to, the pointer leaves the window.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      setOver(false);
      const files = holdsFiles(event);
      if (event.defaultPrevented || (!files && isEditable(event.target))) return;
      event.preventDefault();
      if (!files || event.dataTransfer === null || modalIsOpen()) return;
      if (project === undefined) toast({ title: t('dropNoProject'), text: t('dropNoProjectText') });
      else void incomingOfDrop(event.dataTransfer).then(setIncoming, toastError);
    };
    const onEnd = (): void => setOver(false);
    window.addEventListener('dragover', onDragOver);
    window.addEventListener('dragleave', onDragLeave);
    window.addEventListener('drop', onDrop);
    window.addEventListener('dragend', onEnd);
    return () => {
      window.removeEventListener('dragover', onDragOver);
      window.removeEventListener('dragleave', onDragLeave);
      window.removeEventListener('drop', onDrop);
      window.removeEventListener('dragend', onEnd);
    };
  }, [project, t]);

  return (
    <>
      {over && (
        <div
          aria-hidden
          className="pointer-events-none fixed inset-3 z-30 flex items-center justify-center rounded-xl border-2 border-dashed border-accent bg-accent-soft/90"
        >
          <span className="flex items-center gap-2 text-lg font-semibold text-accent-text">
            <FileInput className="size-5" />
            {t(project === undefined ? 'dropNoProject' : 'dropHere')}
          </span>
        </div>
      )}
      {incoming !== undefined && (
        <Suspense>
          <ImportDialog
            incoming={incoming}
            into={undefined}
            onClose={() => setIncoming(undefined)}
            onStarted={() =>
              toast({
                title: t('dropStarted'),
                text: t('dropStartedText'),
                action: { label: t('dropShow'), onSelect: () => void navigate({ to: '/data' }) },
              })
            }
          />
        </Suspense>
      )}
    </>
  );
}
