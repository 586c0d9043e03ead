import { beforeEach, expect, test, vi } from 'vitest';
import type * as Drafts from '../../../../src/renderer/screens/data/drafts.ts';

/** As much of the browser's storage as drafts use; it outlives the page's modules, as it does a reload. */
function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (place) => [...kept.keys()][place] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
  };
}

function loadPage(): Promise<typeof Drafts> {
  vi.resetModules();
  return import('../../../../src/renderer/screens/data/drafts.ts');
}

beforeEach(() => {
  vi.stubGlobal('sessionStorage', storage());
  vi.stubGlobal('location', { search: '', hash: '', href: 'http://localhost/', pathname: '/' });
  vi.stubGlobal('localStorage', storage());
});

test('An edit that was not saved is there after a reload, and its document is marked', async () => {
  const before = await loadPage();
  before.writeDocumentDraft('texts', 'a:1', { base: 'old', text: 'new' });
  before.writeDocumentDraft('other', 'b:1', { base: 'old', text: 'new' });
  const after = await loadPage();
  expect(after.readDocumentDraft('texts', 'a:1')).toEqual({ base: 'old', text: 'new' });
  expect(after.unsavedDocuments('texts')).toEqual(new Set(['a:1']));
});

test('An edit that was saved, given up or says what is saved leaves no draft', async () => {
  const { writeDocumentDraft, readDocumentDraft, unsavedDocuments } = await loadPage();
  for (const end of [undefined, { base: 'old', text: 'old' }]) {
    writeDocumentDraft('texts', 'a:1', { base: 'old', text: 'new' });
    writeDocumentDraft('texts', 'a:1', end);
    expect(readDocumentDraft('texts', 'a:1')).toBeUndefined();
    expect(unsavedDocuments('texts').size).toBe(0);
  }
});

test('A draft too long for the browser is kept for as long as the window is open', async () => {
  const { writeDocumentDraft, readDocumentDraft } = await loadPage();
  const draft = { base: 'old', text: 'x'.repeat(600_000) };
  writeDocumentDraft('texts', 'a:1', draft);
  expect(readDocumentDraft('texts', 'a:1')).toEqual(draft);
});
