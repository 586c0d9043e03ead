import { accountOf, seedOf, type Account } from './account.ts';
import { duration, lowerFirst, narrate } from './prose.ts';
import { createRandom, type Random } from './random.ts';
import { write } from './template.ts';
import { responseTimes } from './documents/guidance-note.ts';
import type { Job, World } from './world.ts';

/** An instruction or question and the answer that the desk would want. */
export interface QuestionAnswer {
  readonly question: string;
  readonly answer: string;
}

type Ask = (job: Job, account: Account, random: Random) => QuestionAnswer;

const pick = (random: Random, patterns: readonly string[], job: Job): string =>
  write(random.pick(patterns), job.slots, random);
const stripStop = (sentence: string): string => sentence.replace(/\.$/, '');

/** The tasks, by turns. The message of the customer stands in the question where the answer needs it. */
const tasks: readonly Ask[] = [
  (job, { reported }, random) => ({
    question: `${pick(random, ['Which category does this message belong to?', 'Sort this message into a category.', 'What kind of trouble is this?'], job)}\n${reported}`,
    answer: job.fault.category,
  }),
  (job, { reported }, random) => ({
    question: `${pick(random, ['How urgent is this, and when do we have to be there?', 'Give the priority of this call and the time in which we must answer.'], job)}\n${reported}`,
    answer: `The priority is ${job.priority}. We have to be there ${responseTimes[job.priority]}.`,
  }),
  (job, { reported, cause }, random) => ({
    question: `${pick(random, ['What is the likely cause?', 'A customer writes the following. What could be behind it?', 'What would you suspect?'], job)}\n${reported}`,
    answer: `${pick(random, ['A likely fault:', 'I would suspect this:', 'It may be this:'], job)} ${lowerFirst(job.fault.title)}. In an earlier case of this kind the finding was: ${lowerFirst(cause)}`,
  }),
  (job, { reported, advice }, random) => ({
    question: `${pick(random, ['Write a short reply to this customer.', 'Answer this message politely.', 'Please draft a reply.'], job)}\n${reported}`,
    answer: `${pick(random, ['Thank you for your message.', 'Thank you for letting us know.', 'We are sorry to hear that.'], job)} ${pick(random, ['A technician will be with you', 'Somebody will look at {asset}', 'We will come to {site}'], job)} ${responseTimes[job.priority]}; your number is ${job.number}. ${random.pick(advice)}`,
  }),
  (job, { found, cause, work }, random) => ({
    question: `${pick(random, ['Summarise this report in one sentence.', 'Give the gist of these notes.', 'Say in one sentence what was done.'], job)}\n${found.join(' ')} ${cause} ${work.join(' ')}`,
    answer: write(
      `At {site} {tag} had this fault: ${lowerFirst(job.fault.title)}; ${lowerFirst(stripStop(cause))}.`,
      job.slots,
      random,
    ),
  }),
  (job, { work }, random) => ({
    question: write(
      random.pick([
        `What do we do about the following fault of {a}: ${lowerFirst(job.fault.title)}?`,
        `How is this put right? Equipment: {machine}. Fault: ${lowerFirst(job.fault.title)}.`,
      ]),
      { ...job.slots, a: withArticle(job.asset.type.name) },
      random,
    ),
    answer: narrate(work, 'we', random),
  }),
  (job, { advice }, random) => ({
    question: write(
      random.pick([
        'What should the customer know after the repair of {asset}? Fault: {fault}.',
        'Which advice do we give after this fault: {fault}?',
      ]),
      { ...job.slots, fault: lowerFirst(job.fault.title) },
      random,
    ),
    answer: advice.join(' '),
  }),
  (job, { measurements, found }, random) => {
    const measured = measurements[0];
    if (measured === undefined)
      return {
        question: `${pick(random, ['What does the customer need to be told about this finding?'], job)}\n${found.join(' ')}`,
        answer: `The fault is: ${lowerFirst(job.fault.title)}.`,
      };
    const { quantity, unit, before, after } = measured;
    return {
      question: `The ${quantity} was ${before} ${unit} before the repair and ${after} ${unit} after it. ${pick(random, ['Did the repair help?', 'Is that better or worse?'], job)}`,
      answer: `Yes, it helped. The ${quantity} ${Number(after) > Number(before) ? 'rose' : 'fell'} from ${before} to ${after} ${unit}.`,
    };
  },
  (job, _, random) => ({
    question: `${pick(random, ['How long was technician {technician} on site for {number}?', 'How long did the visit {number} take?'], { ...job, slots: { ...job.slots, technician: job.technician } })} The sheet says: arrived at ${job.slots['time']!}, work took ${job.finished - job.attended} minutes.`,
    answer: `The visit took ${duration(job.finished - job.attended)}.`,
  }),
];

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** One question for every job, its kind by turns; the same question is asked once. */
export function questions({ jobs }: World): readonly QuestionAnswer[] {
  const asked = new Map<string, QuestionAnswer>();
  for (const [place, job] of jobs.entries()) {
    const pair = tasks[place % tasks.length]!(
      job,
      accountOf(job),
      createRandom(seedOf(`question ${job.number}`)),
    );
    if (!asked.has(pair.question)) asked.set(pair.question, pair);
  }
  return [...asked.values()];
}
