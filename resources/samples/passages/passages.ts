import { createRandom, type Random } from '../random.ts';
import { capitalize } from '../template.ts';
import { monthNames, ordinals, patterns } from './patterns.ts';
import { machines, parts, pastTimes, places, times, type Noun, type Phrase } from './vocabulary.ts';

/** The same message in two languages. */
export type Passage = Phrase;

const articles = {
  masculine: { nominative: 'der', accusative: 'den', dative: 'dem', genitive: 'des' },
  feminine: { nominative: 'die', accusative: 'die', dative: 'der', genitive: 'der' },
  neuter: { nominative: 'das', accusative: 'das', dative: 'dem', genitive: 'des' },
} as const;

/** A noun's forms as slots: the plain one, its cases, and the contractions of German prepositions. */
function nounSlots(slot: string, noun: Noun): Record<string, Phrase> {
  const { german, gender, genitive = german } = noun;
  const article = articles[gender];
  const feminine = gender === 'feminine';
  const english = `the ${noun.english}`;
  const forms: Record<string, string> = {
    [slot]: `${article.nominative} ${german}`,
    [`${slot}.acc`]: `${article.accusative} ${german}`,
    [`${slot}.dat`]: `${article.dative} ${german}`,
    [`${slot}.gen`]: `${article.genitive} ${genitive}`,
    [`${slot}.from`]: `${feminine ? 'von der' : 'vom'} ${german}`,
    [`${slot}.to`]: `${feminine ? 'zur' : 'zum'} ${german}`,
    [`${slot}.in`]: `${feminine ? 'in der' : 'im'} ${german}`,
    [`${slot}.on`]: `${feminine ? 'an der' : 'am'} ${german}`,
  };
  return Object.fromEntries(Object.entries(forms).map(([name, form]) => [name, { english, german: form }]));
}

/** `count` different passages of two to four sentences about one machine each. */
export function passages(count: number, seed: number): readonly Passage[] {
  const random = createRandom(seed);
  const written = new Map<string, Passage>();
  while (written.size < count) {
    const passage = writePassage(random);
    written.set(passage.english, passage);
  }
  return [...written.values()];
}

function writePassage(random: Random): Passage {
  const machine = random.pick(machines);
  const slots: Record<string, Phrase> = {
    ...nounSlots('machine', machine),
    ...nounSlots('part', random.pick(parts.filter(({ english }) => machine.parts.includes(english)))),
    place: random.pick(places),
    time: random.pick(times),
    past: random.pick(pastTimes),
    n: random.pick(ordinals),
    month: random.pick(monthNames),
  };
  const sentences = [
    random.pick(patterns.notices.filter(({ wet = false }) => !wet || machine.wet === true)),
    ...random.pickSome(patterns.findings, random.integer(0, 1)),
    ...random.pickSome(patterns.work, 1),
    ...random.pickSome(patterns.closings, random.integer(0, 1)),
  ];
  const inLanguage = (language: keyof Phrase): string =>
    sentences.map((sentence) => fill(sentence[language], slots, language)).join(' ');
  return { english: inLanguage('english'), german: inLanguage('german') };
}

function fill(pattern: string, slots: Readonly<Record<string, Phrase>>, language: keyof Phrase): string {
  return pattern.replaceAll(/\{([A-Za-z.]+)\}/g, (_, slot: string) => {
    const phrase = slots[slot] ?? slots[slot.charAt(0).toLowerCase() + slot.slice(1)];
    if (phrase === undefined) throw new Error(`The pattern has a slot {${slot}} that nothing fills.`);
    return slots[slot] === undefined ? capitalize(phrase[language]) : phrase[language];
  });
}
