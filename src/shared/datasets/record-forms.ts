import { parseJson } from './parse-json.ts';

/**
 * The forms in which conversations stand in data sets, recognised in one place for curation and fine-tuning alike: lists of
 * messages as the chat interfaces of OpenAI and Hugging Face have them ({"role", "content"}), and as ShareGPT's exports
 * have them ({"from", "value"}).
 */

/** One turn of a conversation. */
export interface Message {
  /** "system", "user", "assistant", or another word that the file has. */
  readonly role: string;
  readonly content: string;
}

/** What ShareGPT's exports, and others, call those who speak. */
const usualRoles: ReadonlyMap<string, string> = new Map([
  ['human', 'user'],
  ['gpt', 'assistant'],
  ['bot', 'assistant'],
  ['chatgpt', 'assistant'],
  ['model', 'assistant'],
]);

/** The most characters of a value that is looked at as a conversation. */
const longestConversation = 2 ** 24;

/**
 * The messages of a conversation, of a value that holds the JSON of one.
 * @returns undefined for anything else, also for a conversation with parts that are no text (pictures, calls of tools).
 */
export function conversationOf(value: string): readonly Message[] | undefined {
  if (!value.startsWith('[') || value.length > longestConversation) return undefined;
  let parsed: unknown;
  try {
    parsed = parseJson(value);
  } catch {
    return undefined;
  }
  return messagesOf(parsed);
}

/** The messages of a list that was read from JSON; see `conversationOf`. */
export function messagesOf(value: unknown): readonly Message[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const messages = value.map(messageOf);
  return messages.every((message) => message !== undefined) ? messages : undefined;
}

/** A message in one of the forms, of a value that was read from JSON. */
export function messageOf(value: unknown): Message | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  const role = fields.get('role') ?? fields.get('from');
  const content = textOfContent(fields.has('role') ? fields.get('content') : fields.get('value'));
  const calls = fields.get('tool_calls') ?? fields.get('function_call') ?? null;
  if (typeof role !== 'string' || role === '' || content === undefined || calls !== null) return undefined;
  return { role: usualRoles.get(role.toLowerCase()) ?? role.toLowerCase(), content };
}

/** A message's text: it is one, or a list of parts that are. */
function textOfContent(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const parts = content.map((part: unknown) => {
    if (typeof part !== 'object' || part === null) return undefined;
    const fields = new Map<string, unknown>(Object.entries(part));
    const text = fields.get('text');
    return fields.get('type') === 'text' && typeof text === 'string' ? text : undefined;
  });
  return parts.every((part) => part !== undefined) ? parts.join('\n') : undefined;
}

/**
 * A conversation as text that can be read: each message under a heading of who speaks, as instruction data sets have their
 * parts.
 *
 *     ### User:
 *     …
 *
 *     ### Assistant:
 *     …
 */
export function renderConversation(messages: readonly Message[]): string {
  return messages
    .map(({ role, content }) => `### ${role.slice(0, 1).toUpperCase()}${role.slice(1)}:\n${content}`)
    .join('\n\n');
}

/** Whether a value holds the JSON of a list or object, which a model would learn to write with its brackets and keys. */
export function isJsonStructure(value: string): boolean {
  const text = value.trim();
  if (!['{}', '[]'].includes(`${text.slice(0, 1)}${text.slice(-1)}`)) return false;
  try {
    return typeof parseJson(text) === 'object';
  } catch {
    return false;
  }
}
