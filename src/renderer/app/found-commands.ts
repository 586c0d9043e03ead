import type { Command } from './use-commands.ts';

/** Whether a command is found by what was typed: each of its words begins a word of the command, or stands in its name. */
export function isFound({ label, words = '' }: Pick<Command, 'label' | 'words'>, typed: string): boolean {
  const name = label.toLowerCase();
  const features = words.toLowerCase().split(' ');
  return typed
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => name.includes(word) || features.some((feature) => feature.startsWith(word)));
}
