import { describe, expect, it } from 'vitest';
import { beginConversation } from '../../../src/main/hosts/cli/conversation.ts';

describe('a chat at the terminal', () => {
  it('holds a conversation with a model that has a template, under a system prompt', () => {
    const conversation = beginConversation({ chat: true }, 'tiny@best', 'Be brief.');
    const system = { role: 'system', content: 'Be brief.' };
    const hello = { role: 'user', content: 'Hello' };
    expect(conversation.ask('Hello')?.messages).toEqual([system, hello]);
    conversation.reply('Good day');
    expect(conversation.ask('  ')).toBeUndefined();
    expect(conversation.ask('And?')?.messages).toEqual([
      system,
      hello,
      { role: 'assistant', content: 'Good day' },
      { role: 'user', content: 'And?' },
    ]);
  });

  it('writes one text together with a model that has none', () => {
    const conversation = beginConversation({ chat: false }, 'tiny@best', '');
    expect(conversation.ask('The pump')).toEqual({ shown: 'The pump', prompt: 'The pump' });
    conversation.reply(' leaks');
    expect(conversation.ask('')).toEqual({ shown: '', prompt: 'The pump leaks' });
  });

  it('says that a model without a template takes no system prompt', () => {
    expect(() => beginConversation({ chat: false }, 'tiny@best', 'Be brief.')).toThrow(
      /tiny@best has no chat template.*Leave --system out/s,
    );
  });
});
