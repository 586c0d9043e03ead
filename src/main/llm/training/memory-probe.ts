/** Reads how much memory is used and free. Bytes. Injected, so that the calibration can be tested on any machine. */
export interface MemoryProbe {
  /** Resident memory of this process. */
  resident(): number;
  /** What this process may still take before the machine, or the container it is in, runs out. */
  available(): number;
}

/** The process's own figures. */
export const processMemory: MemoryProbe = {
  resident: () => process.memoryUsage.rss(),
  available: () => process.availableMemory(),
};
