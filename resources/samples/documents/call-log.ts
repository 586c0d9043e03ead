import { accountOf } from '../account.ts';
import { clockTime, dayOf, longDate, weekdayOf } from '../calendar.ts';
import type { Category } from '../equipment.ts';
import { capitalize, write } from '../template.ts';
import type { Job } from '../world.ts';

const greetings = [
  'Marrowby service desk, good day. What can I do for you?',
  'Service desk of Marrowby. How can I help?',
  'Marrowby, service desk. Please tell me what has happened.',
];

const introductions = [
  'This is {contact} at {site}.',
  '{Contact} of {site} speaking.',
  'Good day, {contact} at {site} here.',
  'Hello, I am calling from {site}.',
];

interface Exchange {
  readonly question: string;
  readonly answers: readonly string[];
}

const general: readonly Exchange[] = [
  {
    question: 'Which [unit|machine] is it? The tag is on the [yellow|front] plate.',
    answers: ['It says {tag}.', '{Tag}, in {place}.', 'I am standing in front of it: {tag}.'],
  },
  {
    question: 'Since when has it been like this?',
    answers: [
      'Since [this morning|last night|about an hour ago].',
      'It began on {weekday}.',
      'The night shift noticed it [first|at about four].',
      'I cannot say; I have only just come in.',
    ],
  },
  {
    question: 'Has anything been changed there lately?',
    answers: [
      'Not that I know.',
      'There were [builders|cleaners|painters] in [the room|the building] last week.',
      'Your colleague was here [in spring|a few weeks ago].',
      'The power was off for a short time on {weekday}.',
    ],
  },
  {
    question: 'Is [anything else|anything around it] affected?',
    answers: [
      'It serves {serves}, so yes.',
      'No, only this one.',
      'Not yet, but we are worried about {serves}.',
    ],
  },
  {
    question: 'How can our technician get in?',
    answers: ['I will be here until [four|six] o’clock.', 'The key is at [the desk|the gate].', '{access}'],
  },
];

const byCategory: Readonly<Partial<Record<Category, readonly Exchange[]>>> = {
  safety: [
    {
      question: 'Is anybody hurt or in danger?',
      answers: ['No, everybody is well.', 'No. We have [closed off the area|put up a barrier].'],
    },
    {
      question: 'Please keep people away from it until we are there.',
      answers: ['We have done that already.', 'I will see to it.'],
    },
  ],
  leak: [
    {
      question: 'Can you close a valve nearby?',
      answers: [
        'I have closed the [red|blue] one.',
        'I do not know which one.',
        'Yes, the one on the left, but it is stiff.',
      ],
    },
    {
      question: 'Is there anything electrical in the wet?',
      answers: [
        'No, the floor is wet but the cables are higher up.',
        'I have switched off the sockets to be safe.',
      ],
    },
  ],
  electrical: [
    {
      question: 'Please do not switch it on again. Is there a smell of burning?',
      answers: ['No, nothing.', 'A little, yes.', 'There was, but it has gone.'],
    },
    {
      question: 'Is a fuse or a breaker down in the board?',
      answers: ['One of them is down; it goes down again at once.', 'They all look the same to me.'],
    },
  ],
  controls: [
    {
      question: 'What does the display say?',
      answers: [
        'Only a number and a [red|yellow] lamp.',
        'It says fault and nothing else.',
        'The display is dark.',
      ],
    },
  ],
  temperature: [
    {
      question: 'What does the thermometer show?',
      answers: [
        'It keeps [rising|changing], I can watch it.',
        'Nothing good. Shall I read it out every ten minutes?',
      ],
    },
  ],
  'noise and vibration': [
    {
      question: 'Is it a regular noise?',
      answers: [
        'Yes, with every turn.',
        'It comes and goes.',
        'Hold on, I will open the door and you can hear it.',
      ],
    },
  ],
  blockage: [
    {
      question: 'Has it ever been cleaned?',
      answers: ['By your people, at the service.', 'I do not think so.'],
    },
  ],
  damage: [
    {
      question: 'Could you take some photographs before anything is moved?',
      answers: ['I have [three|four] pictures on my phone.', 'Yes, I will send them to the desk.'],
    },
  ],
};

const promises: Readonly<Record<Job['priority'], readonly string[]>> = {
  urgent: [
    'A technician is on the way and will be with you [within two hours|very soon].',
    'I am sending {technician}, who is nearest to you.',
  ],
  high: [
    'Somebody will come today or first thing tomorrow.',
    'I have booked {technician} for you; expect us by tomorrow at the latest.',
  ],
  normal: ['We will come on {attended}. Is that all right?', 'The next free visit is on {attended}.'],
  low: ['It is not urgent, so I suggest {attended}, together with the other work at {site}.'],
};

/** What was said on the telephone, as the desk writes it down. */
export function callLog(job: Job): string {
  const account = accountOf(job);
  const { random } = account;
  const slots = {
    ...job.slots,
    contact: job.caller,
    technician: `technician ${job.technician}`,
    attended:
      dayOf(job.attended) === dayOf(job.opened)
        ? 'today'
        : `${weekdayOf(job.attended)}, ${longDate(job.attended)}`,
    access: random.pick(job.site.access),
  };
  const say = (patterns: readonly string[]): string => write(random.pick(patterns), slots, random);
  const exchanges = [
    ...(byCategory[job.fault.category] ?? []),
    ...random.pickSome(general, random.integer(2, 3)),
  ];
  const lines = [
    `Call log ${job.number}`,
    `${weekdayOf(job.opened)} ${longDate(job.opened)}, ${clockTime(job.opened)}`,
    '',
    `Desk: ${say(greetings)}`,
    `Caller: ${say(introductions)} ${account.reported}`,
    ...exchanges.flatMap(({ question, answers }) => [`Desk: ${say([question])}`, `Caller: ${say(answers)}`]),
    `Desk: ${say(promises[job.priority])} Your number is ${job.number}.`,
    `Caller: ${say(['Thank you.', 'Good, thank you very much.', 'Please hurry.', 'All right, goodbye.', 'Thanks. I will tell the others.'])}`,
    '',
    `Noted: ${capitalize(job.site.name)}, ${job.asset.type.name} ${job.asset.tag}. Suspected: ${job.fault.title.toLowerCase()}. Category: ${job.fault.category}. Priority: ${job.priority}.`,
  ];
  return `${lines.join('\n')}\n`;
}
