import { withProject } from '../implement.ts';
import { readReplyTokens } from '../../store/chats.ts';
import {
  createChat,
  deleteChat,
  listChats,
  regenerateReply,
  renameChat,
  selectVersion,
  showChat,
  stopReply,
  writeTurn,
} from '../../chats/chats.ts';

export const chatsProcedures = {
  list: withProject.chats.list.handler(({ context, input }) => [...listChats(context.project, input.search)]),
  show: withProject.chats.show.handler(({ context, input }) =>
    showChat(context.project, context.writing, input.chat),
  ),
  create: withProject.chats.create.handler(({ context, input }) => ({
    chat: createChat(context.project, input),
  })),
  rename: withProject.chats.rename.handler(({ context, input }) =>
    renameChat(context.project, input.chat, input.title),
  ),
  delete: withProject.chats.delete.handler(({ context, input }) =>
    deleteChat(context.project, context.writing, input.chat),
  ),
  write: withProject.chats.write.handler(async ({ context, input }) => {
    const { turn, replies } = await writeTurn(context.project, context.writing, input);
    return { turn, replies: [...replies] };
  }),
  preview: withProject.chats.preview.handler(async ({ context, input, signal }) => [
    ...(await context.reading.ask('previewPrompt', input, signal)),
  ]),
  regenerate: withProject.chats.regenerate.handler(async ({ context, input }) => ({
    reply: await regenerateReply(context.project, context.writing, input),
  })),
  select: withProject.chats.select.handler(({ context, input }) => selectVersion(context.project, input)),
  follow: withProject.chats.follow.handler(({ context, input, signal }) =>
    context.writing.follow(input.reply, input.from, signal),
  ),
  stop: withProject.chats.stop.handler(({ context, input }) =>
    stopReply(context.project, context.writing, input.reply),
  ),
  tokens: withProject.chats.tokens.handler(({ context, input }) => [
    ...readReplyTokens(context.project.store, input.reply),
  ]),
};
