import { LoamError } from '../../../shared/errors.ts';
import type { ChatMessage } from '../../llm/conversations/chat-message.ts';
import { systemMessages } from '../../studio/chats/conversation.ts';
import type { LoadedModelDescription } from '../../studio/writing/writing-protocol.ts';

/** What a line that is typed means to a model, and what the model said to it. */
export interface Conversation {
  /** In words, for whoever types. */
  readonly manner: string;
  /** What the model is to write from; undefined where there is nothing to reply to. */
  ask(line: string):
    | {
        readonly shown: string;
        readonly prompt: string;
        readonly messages?: readonly ChatMessage[];
      }
    | undefined;
  reply(text: string): void;
}

/** A conversation in a model's own template, or, where it has none, a text that both write. */
export function beginConversation(
  model: Pick<LoadedModelDescription, 'chat'>,
  label: string,
  systemPrompt: string,
): Conversation {
  if (!model.chat) {
    if (systemPrompt.trim() !== '')
      throw new LoamError({
        kind: 'misuse',
        where: '--system',
        what: `${label} has no chat template: it continues a text and takes no system prompt.`,
        remedy: 'Leave --system out, and begin with a text that the model should go on from.',
      });
    let text = '';
    return {
      manner: 'It continues your text',
      ask: (line) => {
        text = line === '' ? text : line;
        return { shown: line, prompt: text };
      },
      reply: (written) => {
        text += written;
      },
    };
  }
  const messages: ChatMessage[] = [...systemMessages(systemPrompt)];
  return {
    manner: 'It replies to what you say',
    ask: (line) => {
      if (line.trim() === '') return undefined;
      messages.push({ role: 'user', content: line });
      return { shown: '', prompt: '', messages: [...messages] };
    },
    reply: (written) => {
      messages.push({ role: 'assistant', content: written });
    },
  };
}
