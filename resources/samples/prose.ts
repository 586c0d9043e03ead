import type { Measurement } from './account.ts';
import type { Random } from './random.ts';
import { capitalize } from './template.ts';

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Work steps as a paragraph: "First we cleaned the strainer. Then we …" */
export function narrate(steps: readonly string[], person: 'I' | 'we', random: Random): string {
  const capital = capitalize(person);
  const between = random.shuffle([
    `Then ${person}`,
    `${capital} then`,
    `After that ${person}`,
    `Next ${person}`,
    `${capital} also`,
  ]);
  return steps
    .map((step, place) => {
      const opening =
        place === 0
          ? steps.length > 2
            ? random.pick([`First ${person}`, capital])
            : capital
          : place === steps.length - 1
            ? random.pick([`Finally ${person}`, `${capital} then`, `At the end ${person}`])
            : between[place % between.length]!;
      return `${opening} ${lowerFirst(step)}`;
    })
    .join(' ');
}

/** "The suction pressure rose from 0.2 to 1.1 bar." */
export function describeChange({ quantity, unit, before, after }: Measurement, random: Random): string {
  const rises = Number(after) > Number(before);
  const verb = rises ? random.pick(['rose', 'went up']) : random.pick(['fell', 'came down', 'dropped']);
  return random.pick([
    `The ${quantity} ${verb} from ${before} to ${after} ${unit}.`,
    `The ${quantity} was ${before} ${unit} before the repair and ${after} ${unit} afterwards.`,
    `We measured ${after} ${unit} for the ${quantity}, where it had been ${before}.`,
  ]);
}

export function describeMeasurement({ quantity, unit, before, after }: Measurement): string {
  return `${capitalize(quantity)}: ${before} ${unit} before, ${after} ${unit} after`;
}

/** "1 hour 45 minutes" */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const parts = [
    hours === 0 ? '' : hours === 1 ? '1 hour' : `${hours} hours`,
    rest === 0 ? '' : `${rest} minutes`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** A part without its size, for a sentence: "mechanical seal". */
export function shortName(part: string): string {
  return part.replace(/,.*$/, '');
}

const numerals = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];

/** Small numbers in words, as one writes them in a sentence. */
export function inWords(count: number): string {
  return numerals[count] ?? String(count);
}
