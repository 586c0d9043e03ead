import { accountOf } from '../account.ts';
import { clockTime, longDate, weekdayOf, type Moment } from '../calendar.ts';
import { describeChange, duration, lowerFirst } from '../prose.ts';
import { capitalize, write } from '../template.ts';
import type { Job } from '../world.ts';

const wentWell = [
  'The caller gave the tag at once, so the right technician could be sent.',
  'The area had been closed off before we arrived.',
  'The desk kept {contact} informed every half hour.',
  'The drawings were on site and up to date.',
  'The staff had kept the way clear.',
];

const wentBadly = [
  'Nobody on site knew where to switch it off.',
  'The key safe had been moved and the new place had not been listeners to us.',
  'The alarm had been acknowledged twice before somebody looked.',
  'The number of the on-call phone on the notice was out of date.',
  'Nobody could say at first which tag the machine had.',
  'The way was blocked by stored furniture.',
  'The last inspection had named the weak point, but no order followed.',
];

const measures = [
  'A plan of the switches and valves now hangs beside {tag}.',
  'The desk asks in future for a photograph, where that is possible.',
  '{Site} will be given a short training on alarms in {month}.',
  'The spare part is kept in stock from now on.',
  'The check is added to the half-yearly inspection of all {plural}.',
  'The notice with the telephone numbers has been replaced in all rooms.',
  'We shall look at the other {plural} of the house for the same weakness.',
];

const effects = [
  'While it lasted, {serves} could not be used as usual.',
  'Nobody was hurt.',
  'The house was able to go on working, with some restrictions.',
  'There was no damage beyond the equipment itself.',
  'Some visitors had to be turned away for the day.',
];

/** A look back at a grave fault: what happened when, why, and what is to change. */
export function incidentReview(job: Job): string {
  const account = accountOf(job);
  const { random, found, work } = account;
  const slots = { ...job.slots, contact: job.caller, plural: job.asset.equipment.plural };
  const some = (patterns: readonly string[], count: number): string =>
    random
      .pickSome(patterns, count)
      .map((pattern) => write(pattern, slots, random))
      .join(' ');
  const steps = [...found, ...work];
  const total = job.finished - job.attended;
  const line = (at: Moment, text: string): string => `${clockTime(at)}  ${text}`;
  const timeline = [
    line(job.opened, `Call from ${job.caller}: ${account.reported}`),
    line(job.opened + random.integer(2, 6), `The desk sends technician ${job.technician}.`),
    line(job.attended, random.pick(['The technician arrives.', `Technician ${job.technician} is on site.`])),
    ...steps.map((step, place) =>
      line(job.attended + Math.round((total * (place + 1)) / (steps.length + 1)), step),
    ),
    line(
      job.finished,
      job.returned === undefined
        ? `${job.asset.tag} is handed back to ${job.caller}.`
        : `${job.asset.tag} is made safe; the part is ordered.`,
    ),
  ];
  return `${[
    `Incident review ${job.number}\n${capitalize(job.site.name)}, ${job.asset.type.name} ${job.asset.tag}: ${lowerFirst(job.fault.title)}\n${weekdayOf(job.opened)}, ${longDate(job.opened)}`,
    `What happened\n${timeline.join('\n')}`,
    `Effect\nFrom the call to the end of the work it took ${duration(job.finished - job.opened)}. ${some(effects, random.integer(1, 2))}`,
    `Why it happened\n${account.cause}${job.outcome === 'repaired' ? ` ${account.measurements.map((each) => describeChange(each, random)).join(' ')}` : ''}`,
    `What went well\n${some(wentWell, random.integer(1, 2))}`,
    `What went badly\n${some(wentBadly, random.integer(1, 2))}`,
    `What will change\n${some(measures, random.integer(2, 3))} ${account.advice.join(' ')}`,
  ].join('\n\n')}\n`;
}
