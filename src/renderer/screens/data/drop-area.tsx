import { FileInput } from 'lucide-react';
import { useRef, useState, type DragEvent, type JSX, type ReactNode } from 'react';
import { toastError } from '../../components/toast.tsx';
import { incomingOfDrop, type Incoming } from './incoming.ts';

export interface DropAreaProps {
  /** What a drop does, shown while something is held over it. */
  readonly label: string;
  readonly onIncoming: (incoming: Incoming) => void;
  readonly children: ReactNode;
}

/** A part of the window onto which files and folders can be dropped. */
export function DropArea({ label, onIncoming, children }: DropAreaProps): JSX.Element {
  const [over, setOver] = useState(false);
  // Entering a child leaves its parent: only when as many were left as were entered has the pointer gone.
  const depth = useRef(0);
  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');
  return (
    <div
      className="relative flex h-full min-h-0 flex-col"
      onDragEnter={(event) => {
        if (!holdsFiles(event)) return;
        depth.current++;
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!holdsFiles(event)) return;
        depth.current--;
        if (depth.current <= 0) setOver(false);
      }}
      onDragOver={(event) => {
        if (holdsFiles(event)) event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        if (holdsFiles(event)) void incomingOfDrop(event.dataTransfer).then(onIncoming, toastError);
      }}
    >
      {children}
      {over && (
        <div
          aria-hidden
          className="pointer-events-none absolute inset-3 z-30 flex items-center justify-center rounded-xl border-2 border-dashed border-accent bg-accent-soft/90"
        >
          <span className="flex items-center gap-2 text-lg font-semibold text-accent-text">
            <FileInput className="size-5" />
            {label}
          </span>
        </div>
      )}
    </div>
  );
}
