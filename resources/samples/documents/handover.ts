import { accountOf } from '../account.ts';
import { clockTime, longDate, monthOf, weekdayOf, type Moment } from '../calendar.ts';
import { inWords, lowerFirst, shortName } from '../prose.ts';
import type { Random } from '../random.ts';
import { capitalize, enumerate } from '../template.ts';
import type { Job } from '../world.ts';

const reminders = [
  'The van of T07 is in the workshop; the spare van has no ladder.',
  'The stores are short of V-belts and float switches until the delivery on Thursday.',
  'Please enter the hours before going home, the invoices are waiting for them.',
  'The on-call phone has a new charger; the old one gets hot.',
  'Anyone who goes to Kestrel Court needs the new tool list.',
  'The thermal camera is with T11 and comes back tomorrow.',
  'Two keys of Orchard Road Flats are still signed out.',
  'The refrigerant log is to be filled in on the day itself, not at the end of the week.',
  'The wholesaler closes at noon on Friday.',
  'The calibration of the pressure gauges is due this month.',
  'New gloves and glasses are in the locker by the door.',
  'The training on fire doors has been moved to next week.',
];

const winterReminders = [
  'Frost is forecast: the outside taps of the depot must be drained.',
  'Snow is forecast; take the shovels and chains.',
  'Many boilers are cold after the holidays: take electrodes and gas filters.',
];
const summerReminders = [
  'A heat wave is forecast: expect calls about chillers and server rooms.',
  'Thunderstorms are forecast; the generators must be ready.',
  'The poplars are in bloom: take the pressure washer for the condensers.',
];

/** Notes from one shift of the desk to the next: what came in, what is open. */
export function handover(jobs: readonly Job[], end: Moment, shift: 'day' | 'night', random: Random): string {
  const month = monthOf(end);
  const seasonal =
    month <= 1 || month === 11 ? winterReminders : month >= 5 && month <= 7 ? summerReminders : [];
  const open = jobs.filter(({ attended }) => attended > end);
  const waiting = jobs.filter((job) => job.attended <= end && job.returned !== undefined);
  const items = jobs.map((job) => {
    const account = accountOf(job);
    const where = `${capitalize(job.site.name)}, ${job.asset.tag} (${job.asset.type.name})`;
    if (job.attended > end) {
      return `${where}: ${account.reported} Called in at ${clockTime(job.opened)}, priority ${job.priority}. ${random.pick(['Booked for', 'Planned for', job.technician + ' goes there on'])} ${weekdayOf(job.attended)}, ${longDate(job.attended)}.`;
    }
    const state =
      job.returned === undefined
        ? random.pick(['Done.', 'Back in service.', 'Finished and signed.'])
        : `${capitalize(enumerate(account.parts.map(shortName)))} ordered.`;
    return `${where}: ${lowerFirst(job.fault.title)}. ${random.pick(account.found)} ${random.pick(account.work.slice(0, 2))} ${state}`;
  });
  const sum = `${capitalize(inWords(jobs.length))} ${jobs.length === 1 ? 'call' : 'calls'}, ${inWords(open.length)} still open${waiting.length === 0 ? '' : `, ${inWords(waiting.length)} waiting for parts`}.`;
  return `${[
    `Handover of the ${shift} shift, ${weekdayOf(end)} ${longDate(end)}`,
    sum,
    ...items.map((item) => `- ${item}`),
    `${random.pick(['For the next shift:', 'Please remember:', 'Also:'])} ${random.pickSome([...reminders, ...seasonal], random.integer(1, 2)).join(' ')}`,
  ].join('\n')}\n`;
}
