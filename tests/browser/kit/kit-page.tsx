import { useState, type JSX } from 'react';
import { createRoot } from 'react-dom/client';
import { Button } from '../../../src/renderer/components/button.tsx';
import { ConfirmDialog } from '../../../src/renderer/components/confirm-dialog.tsx';
import { Dialog } from '../../../src/renderer/components/dialog.tsx';
import { Field } from '../../../src/renderer/components/field.tsx';
import { TextInput } from '../../../src/renderer/components/text-input.tsx';
import type { VirtualColumn } from '../../../src/renderer/components/virtual-column.ts';
import { VirtualTable } from '../../../src/renderer/components/virtual-table.tsx';
import { startLanguage } from '../../../src/renderer/strings/language.ts';

interface Row {
  readonly number: number;
}

const million = 1_000_000;
const columns: readonly VirtualColumn<Row>[] = [
  { id: 'number', title: 'Number', width: '10rem', render: ({ number }) => `row ${number}` },
  { id: 'square', title: 'Square', width: '1fr', align: 'end', render: ({ number }) => number * number },
];

/** Answers after a moment, as a server does. */
async function fetchRows(start: number, count: number, signal: AbortSignal): Promise<readonly Row[]> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  signal.throwIfAborted();
  return Array.from({ length: count }, (_, offset) => ({ number: start + offset }));
}

function MillionRows(): JSX.Element {
  const [opened, setOpened] = useState<number>();
  const [checked, setChecked] = useState<ReadonlySet<number>>(new Set());
  return (
    <>
      <div style={{ display: 'flex', flexDirection: 'column', height: '24rem' }}>
        <VirtualTable
          label="A million rows"
          columns={columns}
          count={million}
          rows={fetchRows}
          source="all"
          onOpen={setOpened}
          checked={checked}
          onCheckedChange={setChecked}
        />
      </div>
      <output>
        {opened === undefined ? 'nothing opened' : `opened ${opened}`}, {checked.size} chosen
      </output>
    </>
  );
}

function Dialogs(): JSX.Element {
  const [naming, setNaming] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [name, setName] = useState('');
  const [deletions, setDeletions] = useState(0);
  return (
    <>
      <Button onClick={() => setNaming(true)}>Rename …</Button>
      <Button onClick={() => setDeleting(true)}>Delete …</Button>
      <output>{deletions} deleted</output>
      <Dialog
        open={naming}
        onOpenChange={setNaming}
        title="Rename the run"
        actions={<Button onClick={() => setNaming(false)}>Rename</Button>}
      >
        <Field label="Name">
          <TextInput value={name} onChange={setName} />
        </Field>
      </Dialog>
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title="Delete the run?"
        confirmLabel="Delete run"
        danger
        onConfirm={() => {
          setDeletions((before) => before + 1);
          setDeleting(false);
        }}
      >
        This frees 12 MB.
      </ConfirmDialog>
    </>
  );
}

startLanguage();
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element "root" to draw into.');
createRoot(root).render(
  <main>
    <h1>Components</h1>
    <MillionRows />
    <Dialogs />
  </main>,
);
