import type { EngineName } from '../../../shared/engines/engine.ts';
import { onnxRuntimeVersion } from '../../llm/engines/onnxruntime/version.ts';
import { describeHardware } from '../hardware/hardware.ts';
import { findPack } from './pack.ts';

/** What of an engine decides how fast it is on a machine: what was measured with another says nothing of this one. */
export interface InstalledEngine {
  readonly version: string;
  /** The card or the processor that it computes on. */
  readonly device: string;
}

/** An engine as it is here now; undefined where it is not installed or cannot be used. */
export async function findInstalledEngine(name: EngineName): Promise<InstalledEngine | undefined> {
  const { processor } = describeHardware();
  switch (name) {
    case 'onnxruntime':
      return { version: onnxRuntimeVersion, device: processor };
    case 'tensorflow': {
      const pack = await findPack();
      if (pack.state !== 'installed') return undefined;
      const { version, device, deviceName } = pack.manifest;
      return { version, device: device === 'gpu' ? deviceName : processor };
    }
    default:
      return name satisfies never;
  }
}
