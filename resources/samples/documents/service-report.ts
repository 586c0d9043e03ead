import { accountOf, type Account } from '../account.ts';
import { clockTime, dayOf, longDate, weekdayOf } from '../calendar.ts';
import { describeChange, describeMeasurement, duration, lowerFirst, narrate, shortName } from '../prose.ts';
import { capitalize, enumerate, write } from '../template.ts';
import { firm, type Job } from '../world.ts';
import { earlierVisit } from './earlier-visit.ts';

/** The report that a technician writes after a visit. Each technician has a way of writing. */
export function serviceReport(job: Job): string {
  const account = accountOf(job);
  const style = Number(job.technician.slice(1)) % 3;
  return style === 0 ? asForm(job, account) : style === 1 ? asStory(job, account) : asNote(job, account);
}

const arrivals = [
  'On arrival [{contact} showed me the way|the room was open|I was let in by {contact}].',
  'I arrived at {time} and [went straight to {place}|signed in|met {contact}].',
  '{Contact} had [switched {tag} off already|put up a sign|kept the area clear].',
  'The key for {place} had to be fetched first[, which took a quarter of an hour|].',
  'When I came {tag} was [still running|standing still|switched off].',
];

const endings = [
  'The fault is cleared and {tag} is back in service.',
  'The room was left clean and the keys returned.',
  '{Contact} was listeners what had been done and signed the sheet.',
  '{Tag} was handed over in working order.',
  'Old parts have been taken away; the packaging is in the container on site.',
  'I stayed for another {10-30} minutes and saw no further fault.',
  'The visit is entered in the log of {tag}.',
];

const waiting = [
  'The part was not in the van and has been ordered; until then {tag} [stays switched off|runs under observation|is secured and marked].',
  'This part must be ordered. {Tag} is [safe but out of service|in limited use] until we come back.',
  'The stores do not have this part; delivery takes about {4-9} working days.',
];

function fill(pattern: string, job: Job, account: Account): string {
  return write(pattern, { ...job.slots, contact: job.caller }, account.random);
}

/** What remains to be said at the end: the ordered part and the return, or that all is well. */
function closing(job: Job, account: Account, count: number): string[] {
  const { random } = account;
  if (job.returned === undefined)
    return random.pickSome(endings, count).map((pattern) => fill(pattern, job, account));
  return [
    fill(random.pick(waiting), job, account),
    `Ordered: ${enumerate(account.parts.map(shortName))}. The return visit is planned for ${longDate(job.returned)}.`,
  ];
}

function asForm(job: Job, account: Account): string {
  const { asset, site } = job;
  const { measurements, random } = account;
  const repaired = job.outcome === 'repaired';
  const earlier = earlierVisit(job);
  const lines = [
    random.chance(0.5) ? firm.toUpperCase() : firm,
    `Service report ${job.number}`,
    '',
    `Site: ${capitalize(site.name)}`,
    `Equipment: ${asset.type.name} ${asset.tag}, ${asset.place}, installed ${asset.installed}`,
    `Call: ${weekdayOf(job.opened)} ${longDate(job.opened)}, ${clockTime(job.opened)}, by ${job.channel} from ${job.caller}`,
    `Visit: ${longDate(job.attended)}, ${clockTime(job.attended)} to ${clockTime(job.finished)}, technician ${job.technician}`,
    `Priority: ${job.priority}`,
    `Fault: ${job.fault.title}`,
    '',
    'Reported',
    account.reported,
    '',
    'Found',
    ...account.found.map((sentence, place) => `${place + 1}. ${sentence}`),
    ...(earlier === undefined ? [] : [`${account.found.length + 1}. ${earlier}`]),
    '',
    'Cause',
    account.cause,
    '',
    'Work done',
    ...account.work.map((step) => `- ${step}`),
    '',
    ...(repaired && measurements.length > 0
      ? ['Measurements', ...measurements.map(describeMeasurement), '']
      : []),
    ...(repaired ? [`Parts: ${account.parts.join('; ') || 'none'}`, ''] : []),
    'Remarks',
    ...account.advice,
    ...closing(job, account, random.integer(1, 2)),
  ];
  return `${lines.join('\n')}\n`;
}

function asStory(job: Job, account: Account): string {
  const { asset, site } = job;
  const { random, measurements } = account;
  const repaired = job.outcome === 'repaired';
  const sameDay = dayOf(job.opened) === dayOf(job.attended);
  const quoted = `${random.pick(['The message was:', 'The desk had noted:', `${capitalize(job.caller)} had said:`, 'In the words of the caller:'])} “${account.reported}”`;
  const purpose = asset.serves === asset.place ? '' : ', which serves {serves},';
  const opening = fill(
    random.pick([
      `${sameDay ? 'The same day' : `On ${longDate(job.attended)}`} I went to {site} to look at {asset} {where}${purpose.replace(/,$/, '')}.`,
      `The call came on ${weekdayOf(job.opened)} at ${clockTime(job.opened)} ${job.channel === 'telephone' ? 'by telephone' : `by ${job.channel}`} from {contact}. It was about {asset} {where}.`,
      `{Site} is ${site.description}. {Asset} {where}${purpose} dates from ${asset.installed}.`,
    ]),
    job,
    account,
  );
  const access = random.chance(0.25)
    ? ` ${random.pick(['For the next visit:', 'Please note:', 'A reminder for colleagues:'])} ${lowerFirst(random.pick(site.access))}`
    : '';
  const earlier = earlierVisit(job);
  const paragraphs = [
    `${capitalize(site.name)}, ${asset.tag}: ${lowerFirst(job.fault.title)}\nReport ${job.number}, ${longDate(job.attended)}, technician ${job.technician}`,
    `${opening} ${quoted} ${fill(random.pick(arrivals), job, account)}`,
    `${account.found.join(' ')} ${random.pick(['The cause is clear.', 'The reason was soon found.', '', ''])} ${account.cause}${earlier === undefined ? '' : ` ${earlier}`}`.replaceAll(
      '  ',
      ' ',
    ),
    repaired
      ? `${narrate(account.work, 'I', random)} ${measurements.map((each) => describeChange(each, random)).join(' ')}`
      : narrate(account.work, 'I', random),
    ...(repaired
      ? [
          `${account.parts.length === 0 ? 'No parts were needed.' : `${random.pick(['Parts fitted:', 'Used from the van:', 'Material:'])} ${enumerate(account.parts.map(shortName))}.`} The visit took ${duration(job.finished - job.attended)}.`,
        ]
      : []),
    `${[...account.advice, ...closing(job, account, 1)].join(' ')}${access}`,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function asNote(job: Job, account: Account): string {
  const { asset, site } = job;
  const { random } = account;
  const earlier = earlierVisit(job);
  const repaired = job.outcome === 'repaired';
  const lines = [
    `${job.number} / ${site.name} / ${asset.tag} ${asset.type.name}`,
    `${longDate(job.attended)}, ${clockTime(job.attended)}–${clockTime(job.finished)}, ${job.technician}`,
    '',
    `Reported by ${job.caller}: ${account.reported}`,
    `Found: ${account.found.join(' ')}`,
    ...(earlier === undefined ? [] : [`History: ${earlier}`]),
    `Cause: ${account.cause}`,
    `Done: ${account.work.join(' ')}`,
    ...(repaired && account.measurements.length > 0
      ? [`Measured: ${account.measurements.map((each) => lowerFirst(describeMeasurement(each))).join('; ')}.`]
      : []),
    ...(repaired ? [`Parts: ${account.parts.join('; ') || 'none'}.`] : []),
    `Advice: ${account.advice.join(' ')}`,
    `Status: ${repaired ? random.pick(['finished', 'closed', 'finished, signed off']) : 'open'}. ${closing(job, account, 1).join(' ')}`,
  ];
  return `${lines.join('\n')}\n`;
}
