import {
  answerScores,
  judgeLoss,
  judgeScore,
  type AnswerScore,
  type Judgement,
  type ScoreDifference,
  type Verdict,
} from '../../../shared/evaluations/verdict.ts';
import { formatCount, formatLoss } from './format.ts';

/** How many pairs of answers are shown; the rest comes with --json. */
const shownAnswers = 3;

const nameOfScore: Readonly<Record<AnswerScore, string>> = {
  exactMatch: 'the same as the record',
  rougeL: 'ROUGE-L',
  chrf: 'chrF',
};

/** A verdict as the command line shows it: the sentence first, then what it rests on. */
export function describeVerdict(verdict: Verdict): string {
  const { model, base, records, loss, scores, answers } = verdict;
  const share = (value: number): string => `${(100 * value).toFixed(1)} %`;
  return [
    sentenceOf(judgeLoss(loss), model, base),
    `Loss of the answers in ${formatCount(records)} records kept aside: ${formatLoss(loss.base)} before, ${formatLoss(loss.model)} now ${intervalOf(loss, formatLoss)}.`,
    ...(answers.length === 0
      ? []
      : [
          `${formatCount(answers.length)} questions asked of both:`,
          ...answerScores.map((name) => {
            const score = scores[name];
            return `  ${nameOfScore[name]}: ${share(score.base)} before, ${share(score.model)} now ${intervalOf(score, share)}${judgeScore(score) === 'noDifference' ? ', which may be chance' : ''}`;
          }),
        ]),
    ...answers
      .slice(0, shownAnswers)
      .flatMap(({ question, reference, base: before, model: now }) => [
        '',
        question.trim(),
        `  record: ${reference}`,
        `  before: ${before}`,
        `  now:    ${now}`,
      ]),
  ].join('\n');
}

function sentenceOf(judgement: Judgement, model: string, base: string): string {
  switch (judgement) {
    case 'better':
      return `It was worth it: ${model} answers more as the records do than ${base}.`;
    case 'worse':
      return `It got worse: ${model} answers less as the records do than ${base}. Train for fewer steps, or at a lower rate.`;
    case 'noDifference':
      return `No difference that these records show between ${model} and ${base}. More records kept aside, or more training, would tell.`;
    default:
      return judgement satisfies never;
  }
}

/** The difference, with the interval in which it lies in 95 of 100 samples. */
function intervalOf({ difference, low, high }: ScoreDifference, format: (value: number) => string): string {
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${format(Math.abs(value))}`;
  return `(${signed(difference)}; 95 % interval ${signed(low)} to ${signed(high)})`;
}
