import { Tooltip as Primitive } from '@base-ui/react/tooltip';
import type { JSX, ReactElement, ReactNode } from 'react';

export interface TooltipProps {
  readonly text: ReactNode;
  /** The one element that it explains. */
  readonly children: ReactElement<Record<string, unknown>>;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
}

/** A short text beside what the pointer rests on or the keyboard is at. It says nothing that is not elsewhere too. */
export function Tooltip({ text, children, side = 'bottom' }: TooltipProps): JSX.Element {
  return (
    <Primitive.Root>
      <Primitive.Trigger render={children} />
      <Primitive.Portal>
        <Primitive.Positioner side={side} sideOffset={6} className="z-50">
          <Primitive.Popup className="popup max-w-72 rounded-md px-2 py-1 text-sm">{text}</Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
