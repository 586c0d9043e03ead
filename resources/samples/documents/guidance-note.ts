import { toldOf, type Equipment, type Fault, type Priority } from '../equipment.ts';
import { firm } from '../world.ts';
import { lowerFirst } from '../prose.ts';
import type { Random } from '../random.ts';
import { capitalize, write } from '../template.ts';

export const responseTimes: Readonly<Record<Priority, string>> = {
  urgent: 'within two and a half hours, by day and by night',
  high: 'the same day or the next working day',
  normal: 'within four working days',
  low: 'within nine working days',
};

const firstSteps: Readonly<Record<Fault['category'], readonly string[]>> = {
  leak: [
    'Close the valve before the leak if you can reach it safely.',
    'Put down a bucket and keep the way clear.',
    'Switch off electrical devices that stand in the wet.',
  ],
  'noise and vibration': [
    'Note when the noise comes: at the start, all the time, or at full load.',
    'Switch the machine off if the noise gets suddenly louder.',
  ],
  electrical: [
    'Do not reset a breaker more than once.',
    'Do not open any cover.',
    'Say on the telephone whether you smelled or saw smoke.',
  ],
  controls: [
    'Write down what the display says before you press anything.',
    'One reset is allowed; a second one only after a call to the desk.',
  ],
  blockage: ['Do not poke into the opening with a wire.', 'Tell us when it was last cleaned.'],
  mechanical: [
    'Switch the machine off and leave it off.',
    'Keep your hands away from belts, springs and couplings.',
  ],
  temperature: [
    'Read the thermometer and write down the time.',
    'Keep doors and windows closed until we are there.',
  ],
  damage: ['Keep people away from the place.', 'Take photographs before anything is moved.'],
  safety: [
    'Help people first; the machine can wait.',
    'Close off the area.',
    'Never bridge a safety device.',
  ],
  quotation: [],
  invoice: [],
  access: [],
};

/** Advice for customers about one fault: how it shows, what lies behind it, what to do until help comes. */
export function guidanceNote(equipment: Equipment, fault: Fault, number: number, random: Random): string {
  const type =
    equipment.types.find(({ name }) => fault.only === undefined || fault.only.includes(name)) ??
    equipment.types[0]!;
  const slots = {
    tag: `the ${type.name}`,
    asset: `the ${type.name}`,
    place: 'the building',
    serves: 'the rooms that it serves',
    site: 'your house',
    floor: 'upper',
    month: 'autumn',
    weekday: 'Sunday',
    lastMonth: 'spring',
    where: 'in the building',
    firm,
  };
  const say = (pattern: string): string => capitalize(write(pattern, slots, random));
  const causes = fault.cause.map((_, cause) => cause);
  const signs = random
    .pickSome(fault.reported, 3)
    .map((pattern) =>
      say(toldOf([pattern], 0)[0]?.text ?? toldOf([pattern], 1)[0]?.text ?? toldOf([pattern], 2)[0]!.text),
    );
  const cases = causes.map((cause) => {
    const found = toldOf(fault.found, cause)
      .filter(({ always }) => always)
      .map(({ text }) => say(text));
    const work = toldOf(fault.work, cause)
      .filter(({ always }) => always)
      .map(({ text }) => lowerFirst(say(text)).replace(/(: .*)?\.$/, ''));
    return `${say(fault.cause[cause]!)} Then our technician may note: “${random.pick(found)}” The remedy, as it stands in our reports: ${random.pickSome(work, 2).join('; ')}.`;
  });
  const advice = [
    ...new Set(causes.flatMap((cause) => toldOf(fault.advice, cause).map(({ text }) => text))),
  ].map(say);
  return `${[
    `${firm}\nGuidance note ${number}: ${fault.title}`,
    `This note is for everybody who looks after ${equipment.plural}. It does not replace the instructions of the manufacturer.`,
    `How it shows\nThese are the words in which it is usually reported to us:\n${signs.map((sign) => `- ${sign}`).join('\n')}`,
    `What lies behind it\n${cases.join('\n')}`,
    `What you can do until we come\n${firstSteps[fault.category].join(' ')}`,
    `How soon we come\nThe priority of this fault is ${fault.priority}: we are with you ${responseTimes[fault.priority]}.`,
    `How to keep it away\n${advice.join(' ')}`,
  ].join('\n\n')}\n`;
}
