import { z } from 'zod';
import { generationEnds, generationSettingsSchema } from '../generation/settings.ts';
import { momentSchema } from '../names.ts';
import { errorAccountSchema } from '../rpc.ts';

/** `write`: a model goes on with one growing text. `chat`: turns of a conversation, put into the model's own template. */
export const chatModes = ['write', 'chat'] as const;
export type ChatMode = (typeof chatModes)[number];

/** Characters of a system prompt; every reply keeps the one that it was written under. */
export const longestSystemPrompt = 20_000;

/** How replies are written: what a conversation keeps, and what each reply was written with. */
export const chatSettingsSchema = generationSettingsSchema.omit({ prompt: true, alternatives: true }).extend({
  // What is being written is held in memory until it is done.
  maximumTokens: z.int().min(1).max(8192).default(200),
  /** What a model is told before a conversation begins, through its template. Empty: nothing. It is not for `write`. */
  systemPrompt: z.string().max(longestSystemPrompt).default(''),
});
export type ChatSettings = z.output<typeof chatSettingsSchema>;

export const chatSummarySchema = z.strictObject({
  id: z.int().positive(),
  title: z.string(),
  mode: z.enum(chatModes),
  /** The checkpoints that it was last written with, as they were named: one, or two side by side. */
  checkpoints: z.array(z.string()).min(1).max(2),
  turns: z.int().nonnegative(),
  createdAt: momentSchema,
  changedAt: momentSchema,
});
export type ChatSummary = z.output<typeof chatSummarySchema>;

/** `interrupted`: the program that wrote it went away before it was done; what it had written until then is there. */
export const replyStatuses = ['writing', 'done', 'interrupted', 'failed'] as const;
export type ReplyStatus = (typeof replyStatuses)[number];

/** What a model wrote in a turn. */
export const replySchema = z.strictObject({
  id: z.int().positive(),
  /** Which of two checkpoints side by side: 0 is the left one. */
  side: z.int().min(0).max(1),
  /** Whether it is the one shown among the attempts of its side. */
  selected: z.boolean(),
  /** The checkpoint that wrote it: RUN@step, or models/NAME. */
  checkpoint: z.string(),
  settings: chatSettingsSchema,
  status: z.enum(replyStatuses),
  /** While it is written, what has been stored of it; `chats.follow` has the rest. */
  text: z.string(),
  reason: z.enum(generationEnds).optional(),
  promptTokens: z.int().nonnegative().optional(),
  writtenTokens: z.int().nonnegative().optional(),
  tokensPerSecond: z.number().nonnegative().optional(),
  /** Whether `chats.tokens` has the probabilities of its tokens. */
  probabilities: z.boolean(),
  error: errorAccountSchema.optional(),
  createdAt: momentSchema,
});
export type ChatReply = z.output<typeof replySchema>;

/** What a person wrote, and the replies to it. Turns of the same parent are versions of one another. */
export const turnSchema = z.strictObject({
  id: z.int().positive(),
  /** The turn before it; absent at the beginning. */
  parent: z.int().positive().optional(),
  prompt: z.string(),
  /** Whether it is the one shown among its versions. */
  selected: z.boolean(),
  replies: z.array(replySchema),
  createdAt: momentSchema,
});
export type ChatTurn = z.output<typeof turnSchema>;

export const chatSchema = chatSummarySchema.extend({
  settings: chatSettingsSchema,
  /** Every version of every turn, earliest first. */
  turnList: z.array(turnSchema),
});
export type Chat = z.output<typeof chatSchema>;

/** How much of a text a checkpoint will see when it goes on from there. */
export const promptPreviewSchema = z.strictObject({
  checkpoint: z.string(),
  /** Tokens of all that it would go on from. */
  tokens: z.int().nonnegative(),
  /** Tokens that it sees at most. */
  limit: z.int().positive(),
  /** Tokens at the beginning that it will not see; 0 where all of it fits. */
  unseen: z.int().nonnegative(),
  /** How many of them belong to what is about to be sent, and not to what was written before. */
  unseenOfPrompt: z.int().nonnegative(),
  /** The first words that it will see; empty where it sees all. */
  begins: z.string(),
});
export type PromptPreview = z.output<typeof promptPreviewSchema>;

/** A piece of a reply's text. Pieces that are followed one after the other leave no gap and repeat nothing. */
export const replyDeltaSchema = z.strictObject({
  /** Where the piece begins, in UTF-16 code units. */
  offset: z.int().nonnegative(),
  text: z.string(),
  /** The last piece: what there is to know of the reply is in the store. */
  ended: z.boolean(),
});
export type ReplyDelta = z.output<typeof replyDeltaSchema>;
