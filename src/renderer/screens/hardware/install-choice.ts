import type { OfferedPack } from '../../../shared/engines/contract.ts';

/** A file or folder of this machine, instead of an offer. */
export const ownFile = 'file';

/**
 * What is proposed: a pack for a card where there is one that can use it. What Python's installer fetches comes before what
 * Loam fetches itself, because that alone is held against checksums that Loam knows.
 */
export function proposedChoice(offers: readonly OfferedPack[]): string {
  const usable = offers.filter(({ obstacle }) => obstacle === undefined);
  const best =
    usable.find(({ way, device }) => way === 'pip' && device === 'gpu') ??
    usable.find(({ way }) => way === 'pip') ??
    usable.find(({ device }) => device === 'gpu') ??
    usable[0];
  return best?.id ?? ownFile;
}

/** Whether the server of an offer is asked how large its files are: of other offers that is known. */
export function asksSize(offer: OfferedPack | undefined): boolean {
  return offer?.way === 'download' && offer.obstacle === undefined;
}

/** Whether enough is said for a person to agree: how large a download is, or that its server does not say. */
export function canInstall(choice: {
  /** Undefined for a file of this machine. */
  readonly offer: OfferedPack | undefined;
  readonly path: string;
  readonly sizeIsKnown: boolean;
}): boolean {
  const { offer, path, sizeIsKnown } = choice;
  if (offer === undefined) return path.trim() !== '';
  return offer.obstacle === undefined && (sizeIsKnown || !asksSize(offer));
}
