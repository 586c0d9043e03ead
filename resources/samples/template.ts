import type { Random } from './random.ts';

/** Values for a template's slots. */
export type Slots = Readonly<Record<string, string>>;

/**
 * Writes a sentence from a pattern:
 * - `[one|two|]` is one of the alternatives, which may be empty and may hold further brackets;
 * - `{name}` is a slot's value, `{Name}` the same with a capital letter;
 * - `{3-9}` is a whole number in that range, `{0.5-2.5}` one with a decimal place, `{0.03-0.06}` one with two.
 * @param drawn numbers drawn so far: a range that is there gives the same number again, so that sentences agree.
 * @throws Error at a slot without a value.
 */
export function write(
  pattern: string,
  slots: Slots,
  random: Random,
  drawn: Map<string, string> = new Map(),
): string {
  let text = pattern;
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replaceAll(/\[([^[\]]*)\]/g, (_, inside: string) => random.pick(inside.split('|')));
  }
  return text
    .replaceAll(/\{([^{}]*)\}/g, (_, slot: string) => fill(slot, slots, random, drawn))
    .replaceAll(/ {2,}/g, ' ');
}

function fill(slot: string, slots: Slots, random: Random, drawn: Map<string, string>): string {
  const range = /^(\d+(?:\.(\d+))?)-(\d+(?:\.\d+)?)$/.exec(slot);
  if (range !== null) {
    const number =
      drawn.get(slot) ?? numberBetween(Number(range[1]), Number(range[3]), range[2]?.length ?? 0, random);
    drawn.set(slot, number);
    return number;
  }
  const value = slots[slot] ?? slots[slot.charAt(0).toLowerCase() + slot.slice(1)];
  if (value === undefined) throw new Error(`The pattern has a slot {${slot}} that nothing fills.`);
  return slots[slot] === undefined ? capitalize(value) : value;
}

function numberBetween(lowest: number, highest: number, decimals: number, random: Random): string {
  // Large numbers are round ones, as somebody reads them off an instrument.
  const scale = decimals > 0 ? 10 ** decimals : highest >= 1000 ? 1 / 10 : highest >= 200 ? 1 / 5 : 1;
  return (random.integer(Math.round(lowest * scale), Math.round(highest * scale)) / scale).toFixed(decimals);
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "a", "a and b", "a, b and c". */
export function enumerate(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
