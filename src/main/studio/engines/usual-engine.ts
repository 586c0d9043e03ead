import type { EngineName } from '../../../shared/engines/engine.ts';
import { LoamError } from '../../../shared/errors.ts';
import { readSettings } from '../settings/settings.ts';
import { readBenchmarks } from './benchmarks.ts';
import { findPack } from './pack.ts';
import { requireEngine } from './require-engine.ts';

/** Only an engine that is faster by more than measurements waver takes the place of the one that comes along. */
const margin = 1.25;

/** What an engine is wanted for. An evaluation is as training is: many tokens at once. */
export type EnginePurpose = 'training' | 'writing';

/**
 * The engine that computes where nothing else is chosen: that of the settings or, where these leave it open, the one that
 * did such work faster here. One that trains faster may well write more slowly: writing is one token at a time.
 */
export async function usualEngine(purpose: EnginePurpose): Promise<EngineName> {
  const { engine } = await readSettings();
  if (engine !== 'auto') return engine;
  if ((await findPack()).state !== 'installed') return 'onnxruntime';
  const { onnxruntime, tensorflow } = await readBenchmarks();
  if (onnxruntime === undefined || tensorflow === undefined) return 'onnxruntime';
  const speedup = {
    training: onnxruntime.secondsPerStep / tensorflow.secondsPerStep,
    writing: tensorflow.tokensPerSecond / onnxruntime.tokensPerSecond,
  };
  return speedup[purpose] > margin ? 'tensorflow' : 'onnxruntime';
}

/** The usual engine, where it is needed now. @throws LoamError when the settings ask for one that is not here */
export async function requireUsualEngine(purpose: EnginePurpose): Promise<EngineName> {
  const name = await usualEngine(purpose);
  try {
    await requireEngine(name);
  } catch (error) {
    if (!(error instanceof LoamError)) throw error;
    throw error.inOtherWords({
      what: `${error.what} The settings ask for it.`,
      remedy: 'Install it, or have the settings leave the choice to Loam (engine: auto).',
    });
  }
  return name;
}
