import type { ObjectiveDeclaration } from '../../../../shared/objectives/objective.ts';
import { markedConversations } from '../marked-conversations.ts';

export const answersDeclaration = {
  name: 'answers',
  title: 'Answer as in these records',
  description:
    'A model that is there already learns the answers of your records of questions and answers, or the replies of conversations. What is asked is read, and only what is answered is learned.',
  goodFor:
    'answering in a house style, filling in forms from notes, following instructions that come again and again.',
  notFor:
    'teaching many new facts. A model learns how to answer from some hundred records, and few facts that it has not met before.',
  method: 'lora',
  task: 'generate',
  needs: ['conversation'],
  examples: markedConversations,
  predictions: 'tokens',
  loss: {
    name: 'loss',
    term: {
      name: 'Loss of the answers',
      what: 'How surprised the model is by each token of an answer, on average, in nats (the natural logarithm). What is asked does not count.',
      larger: 'It answers less as the records do.',
      usual: 'Between 0.5 and 2. Only comparable between models with the same tokenizer.',
    },
    format: 'decimal',
    better: 'lower',
  },
  figures: [
    {
      name: 'perplexity',
      term: {
        name: 'Perplexity of the answers',
        what: 'Among how many equally likely tokens the model hesitates at each step of an answer, on average.',
        larger: 'It answers less as the records do.',
        usual: 'Only comparable between models with the same tokenizer and the same records.',
      },
      format: 'factor',
      better: 'lower',
    },
  ],
  headline: 'perplexity',
} as const satisfies ObjectiveDeclaration;
