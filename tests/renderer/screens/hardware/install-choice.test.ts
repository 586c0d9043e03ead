import { describe, expect, test } from 'vitest';
import { canInstall, proposedChoice } from '../../../../src/renderer/screens/hardware/install-choice.ts';
import type { OfferedPack } from '../../../../src/shared/engines/contract.ts';

const offer = (way: OfferedPack['way'], device: OfferedPack['device'], obstacle?: string): OfferedPack => ({
  id: `${way}-${device}`,
  way,
  device,
  version: '2.15.1',
  description: 'TensorFlow',
  ...(obstacle === undefined ? {} : { obstacle }),
});
const noCard = 'There is no card.';

describe('the pack that is proposed', () => {
  test('is for a card where there is one', () => {
    expect(proposedChoice([offer('pip', 'cpu'), offer('pip', 'gpu'), offer('download', 'gpu')])).toBe(
      'pip-gpu',
    );
    expect(proposedChoice([offer('pip', 'cpu'), offer('pip', 'gpu', noCard)])).toBe('pip-cpu');
  });

  test('is what is held against checksums, where there is such a one', () => {
    expect(
      proposedChoice([
        offer('download', 'gpu'),
        offer('download', 'cpu'),
        offer('pip', 'gpu', noCard),
        offer('pip', 'cpu'),
      ]),
    ).toBe('pip-cpu');
    expect(proposedChoice([offer('download', 'cpu'), offer('download', 'gpu')])).toBe('download-gpu');
  });

  test('is a file of this machine where nothing can be had', () => {
    expect(proposedChoice([])).toBe('file');
    expect(proposedChoice([offer('download', 'gpu', noCard)])).toBe('file');
  });
});

describe('installing can begin', () => {
  const ready = (chosen: OfferedPack | undefined, path = '', sizeIsKnown = false): boolean =>
    canInstall({ offer: chosen, path, sizeIsKnown });

  test('with a download once it is said how large it is', () => {
    expect(ready(offer('download', 'cpu'))).toBe(false);
    expect(ready(offer('download', 'cpu'), '', true)).toBe(true);
  });

  test('with what pip fetches at once, since its size is known', () => {
    expect(ready(offer('pip', 'cpu'))).toBe(true);
  });

  test('never with what would not work here', () => {
    for (const way of ['pip', 'download'] as const)
      expect(ready(offer(way, 'gpu', noCard), '', true)).toBe(false);
  });

  test('with a file once one is named', () => {
    expect([ready(undefined), ready(undefined, '  '), ready(undefined, '/packs')]).toEqual([
      false,
      false,
      true,
    ]);
  });
});
