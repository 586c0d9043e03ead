import { expect, test } from 'vitest';
import {
  arrived,
  beginDraft,
  isUnsaved,
  keepMine,
  saved,
  sending,
  takeTheirs,
  typed,
} from '../../../../src/renderer/screens/run/notes-draft.ts';

test('another window’s note is taken where nothing was typed, and nothing is saved for it', () => {
  const draft = arrived(beginDraft('mine'), 'theirs');
  expect(draft.text).toBe('theirs');
  expect(isUnsaved(draft)).toBe(false);
});

test('one’s own note that comes back, early or late, is no conflict and takes no letter away', () => {
  const sent = sending(typed(beginDraft(''), 'a'));
  const further = typed(sent, 'ab');
  for (const draft of [saved(arrived(further, 'a'), 'a'), arrived(saved(further, 'a'), 'a')]) {
    expect(draft.text).toBe('ab');
    expect(draft.theirs).toBeUndefined();
    expect(isUnsaved(draft)).toBe(true);
  }
});

test('two notes written at once are shown beside each other and neither is saved over the other', () => {
  const draft = arrived(typed(beginDraft(''), 'mine'), 'theirs');
  expect(draft).toMatchObject({ text: 'mine', theirs: 'theirs' });
  expect(isUnsaved(draft)).toBe(false);
  expect(takeTheirs(draft)).toEqual(beginDraft('theirs'));
  const kept = keepMine(draft);
  expect(isUnsaved(kept)).toBe(true);
  expect(kept).toEqual({ text: 'mine', base: 'theirs' });
});

test('a note that was sent a second time does not hide what another window wrote between', () => {
  const draft = arrived(saved(sending(typed(beginDraft(''), 'mine')), 'mine'), 'theirs');
  expect(draft.text).toBe('theirs');
});
