import { sql, type Insertable, type Selectable, type Updateable } from 'kysely';
import { z } from 'zod';
import {
  chatSettingsSchema,
  replySchema,
  type Chat,
  type ChatMode,
  type ChatReply,
  type ChatSettings,
  type ChatSummary,
  type ChatTurn,
} from '../../../shared/chats/chat.ts';
import { writtenTokenSchema, type WrittenToken } from '../../../shared/generation/settings.ts';
import { errorAccountSchema } from '../../../shared/rpc.ts';
import type { Store } from './store.ts';
import type { ChatReplyTable, ChatTable, ChatTurnTable } from './tables.ts';

const checkpointsSchema = z.array(z.string());

type StoredChat = Selectable<ChatTable> & { readonly turns: number | null };

function parseSummary(row: StoredChat): ChatSummary {
  return {
    id: row.id,
    title: row.title,
    mode: row.mode,
    checkpoints: checkpointsSchema.parse(JSON.parse(row.checkpointsJson)),
    turns: row.turns ?? 0,
    createdAt: row.createdAt,
    changedAt: row.changedAt,
  };
}

function chats(store: Store) {
  return store.query
    .selectFrom('chats')
    .selectAll('chats')
    .select((select) =>
      select
        .selectFrom('chatTurns')
        .whereRef('chatTurns.chatId', '=', 'chats.id')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .as('turns'),
    );
}

/** Conversations, the latest first. @param search only those with this text in their title, prompts or replies. */
export function listChatRows(store: Store, search = ''): readonly ChatSummary[] {
  const all = chats(store).orderBy('changedAt', 'desc').orderBy('id', 'desc');
  const query =
    search === ''
      ? all
      : all.where((where) =>
          where.or([
            sql<boolean>`instr(lower(chats.title), lower(${search})) > 0`,
            where.exists(
              where
                .selectFrom('chatTurns')
                .leftJoin('chatReplies', 'chatReplies.turnId', 'chatTurns.id')
                .whereRef('chatTurns.chatId', '=', 'chats.id')
                .where(
                  sql<boolean>`instr(lower(chatTurns.prompt || coalesce(chatReplies.text, '')), lower(${search})) > 0`,
                )
                .select('chatTurns.id'),
            ),
          ]),
        );
  return store.all(query).map(parseSummary);
}

/** A conversation with every version of every turn, or undefined. */
export function findChat(store: Store, id: number): Chat | undefined {
  const row = store.first(chats(store).where('chats.id', '=', id));
  if (row === undefined) return undefined;
  const replies = store.all(
    store.query
      .selectFrom('chatReplies')
      .innerJoin('chatTurns', 'chatTurns.id', 'chatReplies.turnId')
      .select([
        'chatReplies.id',
        'chatReplies.turnId',
        'chatReplies.side',
        'chatReplies.selected',
        'chatReplies.checkpoint',
        'chatReplies.settingsJson',
        'chatReplies.status',
        'chatReplies.text',
        'chatReplies.reason',
        'chatReplies.promptTokens',
        'chatReplies.writtenTokens',
        'chatReplies.tokensPerSecond',
        'chatReplies.errorJson',
        'chatReplies.createdAt',
      ])
      // The tokens themselves are a hundred times the text: they are asked for one reply at a time.
      .select(({ eb }) => eb('chatReplies.tokensJson', 'is not', null).as('probabilities'))
      .where('chatTurns.chatId', '=', id)
      .orderBy('chatReplies.id'),
  );
  const repliesOf = new Map<number, ChatReply[]>();
  for (const { turnId, ...reply } of replies) {
    const parsed = parseReply(reply);
    repliesOf.set(turnId, [...(repliesOf.get(turnId) ?? []), parsed]);
  }
  const turnList = listTurnRows(store, id).map((turn): ChatTurn => ({
    id: turn.id,
    ...(turn.parentId === null ? {} : { parent: turn.parentId }),
    prompt: turn.prompt,
    selected: turn.selected === 1,
    replies: repliesOf.get(turn.id) ?? [],
    createdAt: turn.createdAt,
  }));
  return {
    ...parseSummary(row),
    settings: chatSettingsSchema.parse(JSON.parse(row.settingsJson)),
    turnList,
  };
}

type StoredReply = Omit<Selectable<ChatReplyTable>, 'turnId' | 'session' | 'tokensJson'> & {
  readonly probabilities: unknown;
};

function parseReply(row: StoredReply): ChatReply {
  return replySchema.parse({
    id: row.id,
    side: row.side,
    selected: row.selected === 1,
    checkpoint: row.checkpoint,
    settings: JSON.parse(row.settingsJson),
    status: row.status,
    text: row.text,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.promptTokens === null ? {} : { promptTokens: row.promptTokens }),
    ...(row.writtenTokens === null ? {} : { writtenTokens: row.writtenTokens }),
    ...(row.tokensPerSecond === null ? {} : { tokensPerSecond: row.tokensPerSecond }),
    probabilities: Boolean(row.probabilities),
    ...(row.errorJson === null ? {} : { error: errorAccountSchema.parse(JSON.parse(row.errorJson)) }),
    createdAt: row.createdAt,
  });
}

/** Adds a conversation without turns. @returns its number. */
export function insertChat(
  store: Store,
  chat: {
    readonly title: string;
    readonly mode: ChatMode;
    readonly checkpoints: readonly string[];
    readonly settings: ChatSettings;
    readonly moment: string;
  },
): number {
  const { title, mode, checkpoints, settings, moment } = chat;
  return Number(
    store.run(
      store.query.insertInto('chats').values({
        title,
        mode,
        checkpointsJson: JSON.stringify(checkpoints),
        settingsJson: JSON.stringify(settings),
        createdAt: moment,
        changedAt: moment,
      }),
    ).lastInsertRowid,
  );
}

export function updateChat(
  store: Store,
  id: number,
  changes: {
    readonly title?: string;
    readonly checkpoints?: readonly string[];
    readonly settings?: ChatSettings;
    readonly changedAt?: string;
  },
): void {
  const { title, checkpoints, settings, changedAt } = changes;
  store.run(
    store.query
      .updateTable('chats')
      .set({
        ...(title === undefined ? {} : { title }),
        ...(checkpoints === undefined ? {} : { checkpointsJson: JSON.stringify(checkpoints) }),
        ...(settings === undefined ? {} : { settingsJson: JSON.stringify(settings) }),
        ...(changedAt === undefined ? {} : { changedAt }),
      })
      .where('id', '=', id),
  );
}

export function deleteChatRow(store: Store, id: number): void {
  store.run(store.query.deleteFrom('chats').where('id', '=', id));
}

export type ChatTurnRow = Readonly<Selectable<ChatTurnTable>>;

/** All turns of a conversation, earliest first. */
export function listTurnRows(store: Store, chatId: number): readonly ChatTurnRow[] {
  return store.all(
    store.query.selectFrom('chatTurns').selectAll().where('chatId', '=', chatId).orderBy('id'),
  );
}

export function findTurnRow(store: Store, id: number): ChatTurnRow | undefined {
  return store.first(store.query.selectFrom('chatTurns').selectAll().where('id', '=', id));
}

/** Adds a turn, which becomes the selected one among its versions. @returns its number. */
export function insertTurn(store: Store, turn: Omit<Insertable<ChatTurnTable>, 'selected'>): number {
  const id = Number(
    store.run(store.query.insertInto('chatTurns').values({ ...turn, selected: 0 })).lastInsertRowid,
  );
  selectTurn(store, id);
  return id;
}

/** Shows a turn in place of its other versions. */
export function selectTurn(store: Store, id: number): void {
  store.transaction(() => {
    const turn = findTurnRow(store, id);
    if (turn === undefined) return;
    for (const other of listTurnRows(store, turn.chatId)) {
      const selected = other.id === id ? 1 : 0;
      if (other.parentId === turn.parentId && other.selected !== selected)
        store.run(store.query.updateTable('chatTurns').set({ selected }).where('id', '=', other.id));
    }
  });
}

export type ChatReplyRow = Readonly<Selectable<ChatReplyTable>>;

export function findReplyRow(store: Store, id: number): ChatReplyRow | undefined {
  return store.first(store.query.selectFrom('chatReplies').selectAll().where('id', '=', id));
}

/** The replies to a turn, earliest first. */
export function listReplyRows(store: Store, turnId: number): readonly ChatReplyRow[] {
  return store.all(
    store.query.selectFrom('chatReplies').selectAll().where('turnId', '=', turnId).orderBy('id'),
  );
}

/** Adds a reply that is being written, which becomes the selected one of its side. @returns its number. */
export function insertReply(
  store: Store,
  reply: {
    readonly turnId: number;
    readonly side: 0 | 1;
    readonly checkpoint: string;
    readonly settings: ChatSettings;
    readonly session: string;
    readonly createdAt: string;
  },
): number {
  const { settings, ...rest } = reply;
  return store.transaction(() => {
    const id = Number(
      store.run(
        store.query.insertInto('chatReplies').values({
          ...rest,
          settingsJson: JSON.stringify(settings),
          selected: 0,
          status: 'writing',
          text: '',
        }),
      ).lastInsertRowid,
    );
    selectReply(store, id);
    return id;
  });
}

/** Shows a reply in place of the other attempts of its side. */
export function selectReply(store: Store, id: number): void {
  const reply = findReplyRow(store, id);
  if (reply === undefined) return;
  for (const other of listReplyRows(store, reply.turnId)) {
    const selected = other.id === id ? 1 : 0;
    if (other.side === reply.side && other.selected !== selected) updateReply(store, other.id, { selected });
  }
}

export function updateReply(
  store: Store,
  id: number,
  changes: Omit<Updateable<ChatReplyTable>, 'id' | 'turnId'>,
): void {
  store.run(store.query.updateTable('chatReplies').set(changes).where('id', '=', id));
}

/** A reply's tokens with their probabilities; none where they were not kept. */
export function readReplyTokens(store: Store, id: number): readonly WrittenToken[] {
  const json = findReplyRow(store, id)?.tokensJson;
  return json === null || json === undefined ? [] : z.array(writtenTokenSchema).parse(JSON.parse(json));
}

/** The sessions that say to be writing, and what they write. */
export function listRepliesBeingWritten(
  store: Store,
): readonly { readonly id: number; readonly session: string; readonly checkpoint: string }[] {
  return store.all(
    store.query
      .selectFrom('chatReplies')
      .select(['id', 'session', 'checkpoint'])
      .where('status', '=', 'writing'),
  );
}
