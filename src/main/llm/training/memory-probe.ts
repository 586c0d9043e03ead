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

/** Share of the free memory that training may take; the rest is for its own wobble and for other programs. */
const usableShare = 0.85;

/** What the resident memory may grow to. */
export function memoryLimit(memory: MemoryProbe): number {
  return memory.resident() + usableShare * memory.available();
}
