import { dayAndMonth, dayOf, months } from '../calendar.ts';
import { inWords, lowerFirst } from '../prose.ts';
import type { Random } from '../random.ts';
import { capitalize, enumerate } from '../template.ts';
import type { Job, Site } from '../world.ts';

function countBy<T>(items: readonly T[], key: (item: T) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

const plural = (count: number, noun: string): string => `${inWords(count)} ${noun}${count === 1 ? '' : 's'}`;

/** What the firm tells a customer about a quarter of a year: numbers, then the cases, then what to do. */
export function quarterlySummary(
  site: Site,
  jobs: readonly Job[],
  before: readonly Job[],
  quarter: { readonly year: number; readonly first: number },
  random: Random,
): string {
  const span = `${months[quarter.first]!} to ${months[quarter.first + 2]!} ${quarter.year}`;
  const kinds = countBy(jobs, (job) => job.fault.category).map(
    ([category, count]) => `${inWords(count)} for ${category}`,
  );
  const urgent = jobs.filter(({ priority }) => priority === 'urgent').length;
  const waits = jobs.map((job) => dayOf(job.attended) - dayOf(job.opened));
  const sameDay = waits.filter((days) => days === 0).length;
  const [busiest, visits] = countBy(jobs, (job) => job.asset.tag)[0]!;
  const change = jobs.length - before.length;
  const comparison =
    change === 0
      ? 'as many as in the quarter before'
      : `${inWords(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'} than in the quarter before`;
  const cases = jobs.map((job) => {
    const work =
      job.returned === undefined ? 'repaired' : `part ordered, fitted on ${dayAndMonth(job.returned)}`;
    return `${dayAndMonth(job.opened)}, ${job.asset.tag} ${job.asset.type.name}: ${lowerFirst(job.fault.title)}; ${work}.`;
  });
  const oldest = site.assets.toSorted((a, b) => a.installed - b.installed)[0]!;
  const advice = [
    visits > 1
      ? `${busiest} needed ${plural(visits, 'visit')}. ${random.pick(['We propose to examine it thoroughly.', 'A cause in common cannot be ruled out.', 'It should have an overhaul before it fails for longer.'])}`
      : random.pick([
          'No machine needed more than one visit.',
          'The faults were spread over all of the equipment.',
        ]),
    `The oldest machine is the ${oldest.type.name} ${oldest.tag} of ${oldest.installed}. ${random.pick(['Spare parts for it are becoming scarce.', 'It should be in the budget of next year.', 'For its age it is in good order.', 'We would be glad to quote for a replacement.'])}`,
    random.pick([
      'The maintenance contract covers all visits of this quarter but the damage.',
      'The next planned inspection will be announced two weeks ahead.',
      'We thank the staff of the house, who showed us the way and kept the rooms clear.',
      'The list of contacts should be brought up to date; two numbers were no longer in use.',
    ]),
  ];
  return `${[
    `Quarterly summary for ${site.name}\n${span}`,
    `${capitalize(site.name)} is ${site.description}. From ${span} there were ${plural(jobs.length, 'call')}, ${comparison}: ${enumerate(kinds)}. ${urgent === 0 ? 'None of them was urgent.' : urgent === 1 ? 'One of them was urgent.' : `${capitalize(inWords(urgent))} of them were urgent.`} We were on site the same day in ${plural(sameDay, 'case')}${Math.max(...waits) > 1 ? `; the longest wait was ${inWords(Math.max(...waits))} days` : ''}.`,
    cases.join('\n'),
    advice.join(' '),
  ].join('\n\n')}\n`;
}
