import { accountOf, seedOf } from './account.ts';
import { clockTime, isoDate, minutesPerDay, type Moment } from './calendar.ts';
import type { Category, Priority } from './equipment.ts';
import { lowerFirst } from './prose.ts';
import { createRandom, type Random } from './random.ts';
import { write } from './template.ts';
import type { Job, World } from './world.ts';

/** A call as the desk files it: what was said, and the category it was sorted into. */
export interface Ticket {
  readonly ticket: string;
  readonly opened: string;
  readonly site: string;
  readonly asset: string;
  readonly channel: string;
  readonly priority: Priority;
  readonly text: string;
  readonly category: Category;
}

const openings = [
  '',
  '',
  '',
  'Hello, ',
  'Good morning. ',
  'Good day. ',
  'Dear service desk, ',
  'Once again: ',
  'For your information: ',
];

const additions = [
  'Please send somebody [today|soon|as soon as you can].',
  'Can you tell me when you will come?',
  'It [happened|was the same] last [month|year] as well.',
  '{Contact} will show you the way.',
  'We have [not touched anything|taken a photograph].',
  'It serves {serves}, so it matters to us.',
  'Please ring before you come.',
  'This is for {site}.',
  'The tag is {tag}.',
  'We need it by {weekday}.',
  'Thank you.',
];

/** Calls that are about no fault. */
const requests: readonly {
  readonly category: Category;
  readonly priority: Priority;
  readonly texts: readonly string[];
}[] = [
  {
    category: 'quotation',
    priority: 'low',
    texts: [
      'Please send us [a quotation|a price] for replacing {asset}, which dates from {installed}.',
      'What would it cost to have {tag} [overhauled|painted and overhauled] this year?',
      'We are planning the budget and need an estimate for a new {machine}.',
      'Could you offer us a maintenance contract that covers {asset} as well?',
      'Your technician recommended a spare part to keep on site; please tell us the price.',
      'We would like to have {tag} connected to the alarm system. Please make us an offer.',
      'The insurance asks for a written estimate of the repair of {tag}.',
      'How much is it to have the energy use of {tag} measured?',
    ],
  },
  {
    category: 'invoice',
    priority: 'low',
    texts: [
      'The invoice for {tag} lists {3-8} hours, but the technician was here for {1-2}.',
      'We have received the same invoice twice, please cancel one of them.',
      'Your invoice of {weekday} has no order number, so we cannot pay it.',
      'Please send the invoices of {site} to the new address from now on.',
      'The repair of {tag} should be covered by the contract; why was it charged?',
      'On the invoice there is a part that was never fitted to {tag}.',
      'We need a copy of last year’s invoices for the auditors.',
      'The amount on the reminder is not the one on the invoice.',
    ],
  },
  {
    category: 'access',
    priority: 'normal',
    texts: [
      'The key of {place} is missing since your visit, could somebody look in the van?',
      'On {weekday} the house is closed; please move the visit to another day.',
      'The code of the main door has changed. Your technicians need the new one.',
      'We have a [large event|fire drill] on {weekday}, no work in the building please.',
      'Who may hand out the key of {place} now? The list at the desk is old.',
      'The way to {place} is blocked by scaffolding until the end of {month}.',
      'Please tell us a day ahead when you come to {tag}, somebody must unlock.',
      'Your van was standing in front of the ambulance entrance, please use the yard.',
    ],
  },
];

export const ticketColumns = [
  'ticket',
  'opened',
  'site',
  'asset',
  'channel',
  'priority',
  'text',
  'category',
] as const;

/** All tickets in the order of their number; after every fifth fault comes a call about something else. */
export function tickets({ jobs }: World): readonly Ticket[] {
  return jobs.flatMap((job, place) =>
    place % 5 === 4 ? [faultTicket(job), requestTicket(job)] : [faultTicket(job)],
  );
}

function faultTicket(job: Job): Ticket {
  const random = createRandom(seedOf(`ticket ${job.number}`));
  const { reported } = accountOf(job);
  return ticketOf(
    job,
    job.number,
    job.opened,
    job.priority,
    job.fault.category,
    textOf(job, reported, random),
  );
}

function requestTicket(job: Job): Ticket {
  const number = job.number.replace('M', 'A');
  const random = createRandom(seedOf(number));
  const { category, priority, texts } = random.pick(requests);
  const opened = job.opened + random.integer(1, 6) * 60;
  return ticketOf(
    job,
    number,
    opened < 0 ? minutesPerDay : opened,
    priority,
    category,
    textOf(job, random.pick(texts), random),
  );
}

function ticketOf(
  job: Job,
  ticket: string,
  opened: Moment,
  priority: Priority,
  category: Category,
  text: string,
): Ticket {
  return {
    ticket,
    opened: `${isoDate(opened)} ${clockTime(opened)}`,
    site: job.site.name,
    asset: job.asset.tag,
    channel: job.channel,
    priority,
    text,
    category,
  };
}

/** What was said, with the words around it that people use. */
function textOf(job: Job, said: string, random: Random): string {
  const slots = { ...job.slots, contact: job.caller, installed: String(job.asset.installed) };
  const sentence = write(said, slots, random);
  const more = random
    .pickSome(additions, random.pick([0, 0, 1, 1, 2]))
    .map((pattern) => write(pattern, slots, random));
  const opening = random.pick(openings);
  const startsLow =
    opening.endsWith(', ') &&
    /^(The|There|A|At|We|It|Your|You|Somebody|People|Please|No|Whenever|On|Since|Half|One|Who|What|How|Could|Water|Cars|Every)\b/.test(
      sentence,
    );
  return `${opening}${[startsLow ? lowerFirst(sentence) : sentence, ...more].join(' ')}`;
}
