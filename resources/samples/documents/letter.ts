import { accountOf } from '../account.ts';
import { dayOf, longDate, minutesPerDay, weekdayOf, workingDayAfter } from '../calendar.ts';
import { describeChange, lowerFirst, narrate, shortName } from '../prose.ts';
import { capitalize, enumerate, write } from '../template.ts';
import { firm, type Job } from '../world.ts';
import { earlierVisit } from './earlier-visit.ts';

const thanks = [
  'Thank you for [your call|calling us|letting us know] on {called}.',
  'On {called} {contact} listeners us of [a fault|trouble] with {asset}.',
  'We refer to [your call|the call] of {called} about {asset}.',
];

const visits = [
  'Our technician {technician} [visited you|was on site] on {date}.',
  'We [looked into the matter|sent technician {technician}] on {date}.',
];

const explanations = [
  'In plain words:',
  'The reason is as follows.',
  'What had happened?',
  'The finding was this.',
];

const offers = [
  'Please let us know if you have any questions; the service desk is open day and night.',
  'Should the fault appear again within [three|six] months, we will attend to it without charge.',
  'The report of the technician is enclosed.',
  'If you wish, we will gladly send you a quotation.',
  'We will call you [in two weeks|next month] to ask whether all is well.',
];

const regrets = [
  'We are sorry for the [inconvenience|trouble] that this has caused.',
  'We know that this came at a bad time for you and thank you for your patience.',
  '',
];

/** A letter to the customer about a visit, without jargon. */
export function letter(job: Job): string {
  const account = accountOf(job);
  const { random, parts, measurements } = account;
  const slots = {
    ...job.slots,
    contact: job.caller,
    technician: job.technician,
    called: `${weekdayOf(job.opened)}, ${longDate(job.opened)}`,
  };
  const say = (patterns: readonly string[]): string => write(random.pick(patterns), slots, random);
  const repaired = job.outcome === 'repaired';
  const written = workingDayAfter(dayOf(job.attended) * minutesPerDay, random.integer(1, 3));
  const earlier = earlierVisit(job);
  const paragraphs = [
    `${firm}\nService desk\n\nTo the management of ${job.site.name}\n${longDate(written)}`,
    `${capitalize(job.asset.type.name)} ${job.asset.tag}: ${lowerFirst(job.fault.title)} (${job.number})`,
    random.pick(['Dear customer,', 'Dear Sir or Madam,', 'Good day,']),
    `${say(thanks)} ${say(visits)} ${say(regrets)}`.trim(),
    `${say(explanations)} ${account.cause} ${account.found.join(' ')}${earlier === undefined ? '' : ` ${earlier}`}`,
    repaired
      ? `${narrate(account.work, 'we', random)} ${measurements.map((each) => describeChange(each, random)).join(' ')} ${parts.length === 0 ? '' : `${random.pick(['Parts used:', 'The following parts were used:', 'Your invoice will list:'])} ${enumerate(parts.map(shortName))}.`}`.trim()
      : `${narrate(account.work, 'we', random)} For the repair we have ordered what was missing: ${enumerate(parts.map(shortName))}. We shall come back on ${longDate(job.returned!)}.`,
    `${random.pick(['Our advice:', 'May we add a word of advice:', 'For the future:', 'One more thing.'])} ${account.advice.join(' ')} ${random
      .pickSome(offers, random.integer(1, 2))
      .map((pattern) => write(pattern, slots, random))
      .join(' ')}`,
    `${random.pick(['Yours faithfully', 'With kind regards', 'Kind regards'])}\n${firm}`,
  ];
  return `${paragraphs.join('\n\n').replaceAll(/ {2,}/g, ' ')}\n`;
}
