import { clockTime, longDate, months, monthOf, yearOf, type Moment } from '../calendar.ts';
import { inWords } from '../prose.ts';
import type { Random } from '../random.ts';
import { capitalize, write } from '../template.ts';
import { firm, type Asset, type Site } from '../world.ts';

const introductions = [
  'Planned service according to the maintenance plan. [{Contact} was present.|The visit had been announced to {contact}.|]',
  'Half-yearly inspection of {tag}.',
  'Service visit to {site}. {Tag} was taken out of use for {30-90} minutes.',
];

const verdicts = {
  good: [
    '{Tag} is in good condition.',
    'No remarks that need action.',
    '{Tag} may go on running until the next inspection.',
  ],
  one: [
    '{Tag} is fit for use; the remark above has been attended to or noted.',
    'One point should be watched until the next visit.',
  ],
  several: [
    '{Tag} is fit for use, but shows its age.',
    'The remarks together suggest an overhaul within the next year.',
    'We advise a conversation about replacing {tag} in the coming budget.',
  ],
};

export interface Visit {
  readonly site: Site;
  readonly assets: readonly Asset[];
  readonly begins: Moment;
  readonly technician: string;
  readonly number: string;
}

/** The record of a planned inspection: a list of points with what was found at each. */
export function inspection({ site, assets, begins, technician, number }: Visit, random: Random): string {
  const sections = assets.map((asset) => {
    const slots = {
      tag: asset.tag,
      place: asset.place,
      site: site.name,
      contact: random.pick(site.contacts),
      floor: random.pick(['ground', 'first', 'second']),
    };
    const checks = asset.equipment.checks.filter(
      ({ only }) => only === undefined || only.includes(asset.type.name),
    );
    const results = checks.map(({ item, good, remark }) => {
      const isGood = random.chance(0.72);
      return { isGood, line: `${item}: ${write(random.pick(isGood ? good : remark), slots, random)}` };
    });
    const remarks = results.filter(({ isGood }) => !isGood).length;
    const verdict = write(
      random.pick(remarks === 0 ? verdicts.good : remarks === 1 ? verdicts.one : verdicts.several),
      slots,
      random,
    );
    return [
      `${capitalize(asset.type.name)} ${asset.tag}, ${asset.place}, installed ${asset.installed}`,
      write(random.pick(introductions), slots, random).trim(),
      ...results.map(({ line }, place) => `${place + 1}. ${capitalize(line)}`),
      `Remarks: ${inWords(remarks)}. ${verdict}`,
    ].join('\n');
  });
  const next = (monthOf(begins) + 6) % 12;
  return `${[
    `${firm}\nInspection record ${number}\n${capitalize(site.name)}, ${longDate(begins)}, ${clockTime(begins)}, technician ${technician}`,
    ...sections,
    `Next inspection: ${months[next]!} ${yearOf(begins) + (monthOf(begins) >= 6 ? 1 : 0)}.`,
  ].join('\n\n')}\n`;
}
