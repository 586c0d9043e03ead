import type { TFunction } from 'i18next';

/** What a preset is called and said to be in the window; its own name where the window has none for it. */
export function presetTexts(
  name: string,
  t: TFunction<'new-model'>,
): { readonly label: string; readonly text: string } {
  switch (name) {
    case 'nano':
    case 'shakespeare-char':
    case 'shake':
    case 'llama-mini':
    case 'gpt2-124M':
      return { label: t(`preset_${name}`), text: t(`presetText_${name}`) };
    default:
      return { label: name, text: '' };
  }
}
