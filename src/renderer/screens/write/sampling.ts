import { chatSettingsSchema, type ChatSettings } from '../../../shared/chats/chat.ts';

/** The settings of a text that is about to be written. */
export interface WritingSettings extends ChatSettings {
  /** Draws another seed for each reply. */
  readonly newSeed: boolean;
}

/** What a preset sets; the rest stays as it is. */
type Sampling = Pick<ChatSettings, 'temperature' | 'topK' | 'topP' | 'minimumP' | 'repetitionPenalty'>;

export const presetNames = ['precise', 'balanced', 'lively', 'wild'] as const;
export type PresetName = (typeof presetNames)[number];

export const presets: Readonly<Record<PresetName, Sampling>> = {
  precise: { temperature: 0, topK: 0, topP: 1, minimumP: 0, repetitionPenalty: 1 },
  balanced: { temperature: 0.8, topK: 40, topP: 1, minimumP: 0, repetitionPenalty: 1 },
  lively: { temperature: 1, topK: 0, topP: 0.95, minimumP: 0, repetitionPenalty: 1 },
  wild: { temperature: 1.3, topK: 0, topP: 1, minimumP: 0.05, repetitionPenalty: 1.05 },
};

export const usualSettings: WritingSettings = {
  ...chatSettingsSchema.parse({}),
  ...presets.balanced,
  newSeed: true,
};

/** The preset that some settings are, if they are one. */
export function presetOf(settings: Sampling): PresetName | undefined {
  return presetNames.find((name) =>
    Object.entries(presets[name]).every(([key, value]) => settings[key as keyof Sampling] === value),
  );
}

/** The settings for one reply: with another seed, where that is asked for. */
export function settingsForReply({ newSeed, ...settings }: WritingSettings): ChatSettings {
  return newSeed ? { ...settings, seed: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0 } : settings;
}

/** Stop texts as a person types them: one a line, with \n for the end of a line. */
export function parseStopTexts(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replaceAll(/\\([nt\\])/g, (_, sign: string) => escapes[sign] ?? sign))
    .filter((line) => line !== '');
}

export function showStopTexts(stops: readonly string[]): string {
  return stops
    .map((stop) =>
      stop
        .replaceAll('\\', '\\\\')
        .replaceAll('\n', String.raw`\n`)
        .replaceAll('\t', String.raw`\t`),
    )
    .join('\n');
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\' };
