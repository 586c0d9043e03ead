import { assert, array, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatSettingsSchema, type ChatReply, type ChatTurn } from '../../../../src/shared/chats/chat.ts';
import {
  parseStopTexts,
  presetOf,
  presets,
  settingsForReply,
  showStopTexts,
  usualSettings,
} from '../../../../src/renderer/screens/write/sampling.ts';
import { placeTokens, surprise } from '../../../../src/renderer/screens/write/token-places.ts';
import {
  attemptsOf,
  replyOnSide,
  shownTurns,
  splitBeginning,
} from '../../../../src/renderer/screens/write/versions.ts';

const token = (text: string, probability = 0.5) => ({ text, probability, alternatives: [] });

describe('tokens of a text', () => {
  test('have the characters that each added, and those of one character are one', () => {
    const placed = placeTokens('pump 🙂!', [token('pump'), token(' '), token(''), token('🙂'), token('!')]);
    expect(placed.map(({ text }) => text)).toEqual(['pump', ' ', '🙂', '!']);
  });

  test('end where a stop text was cut off', () => {
    expect(placeTokens('one', [token('one'), token('\n\n'), token('two')]).map(({ text }) => text)).toEqual([
      'one',
    ]);
  });

  test('leave nothing of the text out', () => {
    assert(
      property(array(string()), string(), (pieces, rest) => {
        const text = pieces.join('') + rest;
        const placed = placeTokens(
          text,
          pieces.map((piece) => token(piece)),
        );
        const shown = placed.map((place) => place.text).join('');
        expect(shown).toBe(placed.length === 0 ? '' : text);
      }),
    );
  });

  test('surprise the more, the less likely they are', () => {
    const steps = [1, 0.5, 0.1, 0.01, 0.001, 0].map(surprise);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(steps[0]).toBe(0);
    expect(steps.at(-1)).toBe(1);
  });
});

describe('settings', () => {
  test('are known as the preset that they are', () => {
    expect(presetOf(usualSettings)).toBe('balanced');
    expect(presetOf({ ...usualSettings, ...presets.wild })).toBe('wild');
    expect(presetOf({ ...usualSettings, temperature: 0.81 })).toBeUndefined();
  });

  test('for a reply have a seed of their own unless one is kept, and are what the contract takes', () => {
    const kept = settingsForReply({ ...usualSettings, seed: 7, newSeed: false });
    expect(kept.seed).toBe(7);
    const fresh = settingsForReply(usualSettings);
    expect(chatSettingsSchema.parse(fresh)).toEqual(fresh);
  });

  test('stop texts survive being shown and read', () => {
    expect(parseStopTexts('\\n\\n\nEnd')).toEqual(['\n\n', 'End']);
    assert(
      property(array(string({ minLength: 1 })), (stops) => {
        expect(parseStopTexts(showStopTexts(stops))).toEqual(stops);
      }),
    );
  });
});

const settings = chatSettingsSchema.parse({});

function reply(id: number, side: number, selected: boolean): ChatReply {
  return {
    id,
    side,
    selected,
    checkpoint: 'run@1',
    settings,
    status: 'done',
    text: '',
    probabilities: false,
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

function turn(
  id: number,
  parent: number | undefined,
  selected: boolean,
  replies: ChatReply[] = [],
): ChatTurn {
  return {
    id,
    ...(parent === undefined ? {} : { parent }),
    prompt: '',
    selected,
    replies,
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

describe('a conversation with versions', () => {
  test('shows the selected version of each turn and what followed it', () => {
    const turnList = [
      turn(1, undefined, false),
      turn(2, undefined, true),
      turn(3, 1, true),
      turn(4, 2, true),
    ];
    const shown = shownTurns({ turnList });
    expect(shown.map((each) => each.turn.id)).toEqual([2, 4]);
    expect(shown[0]?.versions.map(({ id }) => id)).toEqual([1, 2]);
  });

  test('shows the selected attempt of each side, and the other side’s where one has none', () => {
    const both = turn(1, undefined, true, [reply(1, 0, false), reply(2, 0, true), reply(3, 1, true)]);
    expect(attemptsOf(both, 0).attempts.map(({ id }) => id)).toEqual([1, 2]);
    expect(replyOnSide(both, 0)?.id).toBe(2);
    expect(replyOnSide(both, 1)?.id).toBe(3);
    expect(replyOnSide(turn(1, undefined, true, [reply(1, 0, true)]), 1)?.id).toBe(1);
  });

  test('has one beginning for two checkpoints where one wrote alone, and the last turn stands apart', () => {
    const alone = turn(1, undefined, true, [reply(1, 0, true)]);
    const alsoAlone = turn(2, 1, true, [reply(2, 0, true)]);
    const both = turn(3, 2, true, [reply(3, 0, true), reply(4, 1, true)]);
    const split = (turnList: ChatTurn[]) => {
      const { beginning, apart } = splitBeginning(shownTurns({ turnList }));
      return [beginning.map((each) => each.turn.id), apart.map((each) => each.turn.id)];
    };
    expect(split([alone])).toEqual([[], [1]]);
    expect(split([alone, alsoAlone])).toEqual([[1], [2]]);
    expect(split([alone, alsoAlone, both])).toEqual([[1, 2], [3]]);
    expect(split([])).toEqual([[], []]);
  });
});
