/** Whether what the pointer holds are files or folders of the system, and not a text or a picture of the page. */
export function holdsFiles({ dataTransfer }: Pick<DragEvent, 'dataTransfer'>): boolean {
  return dataTransfer?.types.includes('Files') === true;
}

/** Whether a text may be dropped there. */
export function isEditable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea') !== null)
  );
}

/** Whether a dialog is open, which must be settled before anything else is begun. */
export function modalIsOpen(): boolean {
  return document.querySelector('[data-modal], [role="alertdialog"]') !== null;
}
