/** One event of a profile that ONNX Runtime wrote (Chrome's trace format); times in microseconds. */
export interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly ts: number;
  readonly dur: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** What an operator takes of one training step. */
export interface OperatorShare {
  readonly operator: string;
  readonly milliseconds: number;
  readonly calls: number;
  /** Bytes of its inputs and outputs: what it moves through memory at least. */
  readonly bytes: number;
  /** Operations, where it is a matrix product; else 0. */
  readonly flops: number;
}

export interface ProfileSummary {
  /** Time of a step within ONNX Runtime. */
  readonly runMilliseconds: number;
  /** By operator, the longest first. */
  readonly operators: readonly OperatorShare[];
  /** By operator and shapes, the longest first. */
  readonly places: readonly OperatorShare[];
}

/**
 * Adds up the profiles of a step's programs.
 * @param programs the events of each program's profile
 * @param steps training steps that were taken
 * @param warmup steps at the beginning that do not count
 */
export function summarizeProfiles(
  programs: readonly (readonly ProfileEvent[])[],
  steps: number,
  warmup: number,
): ProfileSummary {
  const counted = steps - warmup;
  const operators = new Map<string, OperatorShare>();
  const places = new Map<string, OperatorShare>();
  let runMicroseconds = 0;
  for (const events of programs) {
    const runs = events.filter(({ name }) => name === 'model_run').toSorted((a, b) => a.ts - b.ts);
    const first = runs[(runs.length / steps) * warmup];
    if (first === undefined) continue; // this program was not run
    for (const run of runs) if (run.ts >= first.ts) runMicroseconds += run.dur;
    for (const event of events) {
      if (event.cat !== 'Node' || !event.name.endsWith('_kernel_time') || event.ts < first.ts) continue;
      const operator = String(event.args?.['op_name']);
      const share: OperatorShare = {
        operator,
        milliseconds: event.dur / 1000 / counted,
        calls: 1 / counted,
        bytes: bytesOf(event) / counted,
        flops: flopsOf(operator, event) / counted,
      };
      accumulate(operators, operator, share);
      const place = `${operator} ${shapesOf(event, 'input_type_shape').map(describe).join(' · ')}`;
      accumulate(places, place, { ...share, operator: place });
    }
  }
  return {
    runMilliseconds: runMicroseconds / 1000 / counted,
    operators: longestFirst(operators),
    places: longestFirst(places),
  };
}

function accumulate(shares: Map<string, OperatorShare>, key: string, share: OperatorShare): void {
  const before = shares.get(key);
  shares.set(
    key,
    before === undefined
      ? share
      : {
          operator: share.operator,
          milliseconds: before.milliseconds + share.milliseconds,
          calls: before.calls + share.calls,
          bytes: before.bytes + share.bytes,
          flops: before.flops + share.flops,
        },
  );
}

function longestFirst(shares: ReadonlyMap<string, OperatorShare>): readonly OperatorShare[] {
  return [...shares.values()].toSorted((a, b) => b.milliseconds - a.milliseconds);
}

function bytesOf({ args }: ProfileEvent): number {
  return ['activation_size', 'parameter_size', 'output_size'].reduce(
    (sum, key) => sum + (Number(args?.[key]) || 0),
    0,
  );
}

/** The shapes of a node's inputs or outputs: [{ float: [2, 3] }, …] in the file. */
function shapesOf({ args }: ProfileEvent, key: string): readonly (readonly number[])[] {
  const listed = args?.[key];
  if (!Array.isArray(listed)) return [];
  return listed.map((typed: unknown) => Object.values(typed as Record<string, readonly number[]>)[0] ?? []);
}

function describe(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('×');
}

const matrixProducts = new Set(['Gemm', 'MatMul', 'FusedMatMul', 'FusedGemm']);

/**
 * Operations of a matrix product from its shapes alone, however its inputs are transposed: with b matrices of m × k,
 * k × n and m × n elements, the elements of the three multiply to b³·(m·k·n)².
 */
function flopsOf(operator: string, event: ProfileEvent): number {
  if (!matrixProducts.has(operator)) return 0;
  const [a, b] = shapesOf(event, 'input_type_shape');
  const [c] = shapesOf(event, 'output_type_shape');
  if (a === undefined || b === undefined || c === undefined) return 0;
  const elements = (shape: readonly number[]): number =>
    shape.reduce((product, extent) => product * extent, 1);
  const batch = elements(c.slice(0, -2));
  const whole = Math.max(elements(b), batch * elements(b.slice(-2))); // one right side may serve the whole batch
  return 2 * Math.sqrt((elements(a) * whole * elements(c)) / batch);
}
