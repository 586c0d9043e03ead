import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { writtenTokenSchema } from '../generation/settings.ts';
import { procedure } from '../rpc.ts';
import {
  chatModes,
  chatSchema,
  chatSettingsSchema,
  chatSummarySchema,
  promptPreviewSchema,
  longestSystemPrompt,
  replyDeltaSchema,
} from './chat.ts';

const id = z.int().positive();
const checkpoint = z.string().min(1).max(4096);
const checkpoints = z.array(checkpoint).min(1).max(2);
/** A model reads far less than this; it keeps a slip of the clipboard out of the store. */
const prompt = z.string().max(1_000_000);
const title = z.string().trim().min(1).max(200);

export const chatsContract = {
  /** All conversations, the latest first; `search` looks into titles and texts. */
  list: procedure
    .input(z.strictObject({ search: z.string().max(200).optional() }))
    .output(z.array(chatSummarySchema)),
  show: procedure.input(z.strictObject({ chat: id })).output(chatSchema),
  create: procedure
    .input(z.strictObject({ mode: z.enum(chatModes), checkpoints, settings: chatSettingsSchema }))
    .output(z.strictObject({ chat: id })),
  rename: procedure.input(z.strictObject({ chat: id, title })),
  /** Deletes a conversation; what is being written in it is stopped. */
  delete: procedure.input(z.strictObject({ chat: id })),
  /**
   * Starts a turn after another one, or a new version of the beginning, and the replies to it: one for each checkpoint.
   * The prompt may be empty to have the text go on. An edited message is a new version: a turn after the same one.
   */
  write: procedure
    .input(
      z.strictObject({
        chat: id,
        after: id.optional(),
        prompt,
        checkpoints,
        settings: chatSettingsSchema,
        /** Keeps each token's probability and the likeliest alternatives. */
        probabilities: z.boolean().default(true),
      }),
    )
    .output(z.strictObject({ turn: id, replies: z.array(id) })),
  /** How much of a text each checkpoint will see, before it is sent: a model forgets what goes beyond its context. */
  preview: procedure
    .input(
      z.strictObject({
        mode: z.enum(chatModes),
        chat: id.optional(),
        after: id.optional(),
        prompt,
        checkpoints,
        systemPrompt: z.string().max(longestSystemPrompt).default(''),
      }),
    )
    .output(z.array(promptPreviewSchema)),
  /** Writes another reply to a turn on one side; the earlier ones are kept as alternatives. */
  regenerate: procedure
    .input(
      z.strictObject({
        turn: id,
        side: z.int().min(0).max(1),
        checkpoint,
        settings: chatSettingsSchema,
        probabilities: z.boolean().default(true),
      }),
    )
    .output(z.strictObject({ reply: id })),
  /** Shows another version of a turn, or another attempt of a reply. */
  select: procedure.input(z.union([z.strictObject({ turn: id }), z.strictObject({ reply: id })])),
  /**
   * The text of a reply from an offset on, for as long as it is being written; whoever comes late, or again, says how far
   * it has got. A slow reader gets fewer and longer pieces.
   */
  follow: procedure
    .input(z.strictObject({ reply: id, from: z.int().nonnegative() }))
    .output(eventIterator(replyDeltaSchema)),
  /** Ends the writing of a reply; what was written stays. */
  stop: procedure.input(z.strictObject({ reply: id })),
  /** The tokens of a reply that has ended, with their probabilities. */
  tokens: procedure.input(z.strictObject({ reply: id })).output(z.array(writtenTokenSchema)),
};
