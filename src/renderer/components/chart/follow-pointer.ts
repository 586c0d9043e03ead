import type uPlot from 'uplot';
import type { ChartRange } from './chart-lines.ts';

/** The stretch of the x axis that a chart shows now. */
export function rangeOf(plot: uPlot): ChartRange {
  const { min, max } = plot.scales.x ?? {};
  return { min: min ?? 0, max: max ?? 1 };
}

/** The range made wider (above 1) or narrower around a place within it. */
export function zoomed({ min, max }: ChartRange, around: number, factor: number): ChartRange {
  return { min: around - (around - min) * factor, max: around + (max - around) * factor };
}

/** The range moved by a share of its width. */
export function moved({ min, max }: ChartRange, share: number): ChartRange {
  const by = (max - min) * share;
  return { min: min + by, max: max + by };
}

/**
 * Moves the curve with the pointer while Shift is held, with a wheel that turns sideways, and widens or narrows what is shown
 * with Ctrl and the wheel. @returns how to stop.
 */
export function followPointer(plot: uPlot, onRange: (range: ChartRange) => void): () => void {
  const area = plot.over;
  let grabbed: { readonly x: number; readonly range: ChartRange } | undefined;

  const down = (event: PointerEvent): void => {
    if (!(event.shiftKey && event.button === 0) && event.button !== 1) return;
    event.preventDefault();
    grabbed = { x: event.clientX, range: rangeOf(plot) };
    area.setPointerCapture(event.pointerId);
    area.style.cursor = 'grabbing';
  };
  const move = (event: PointerEvent): void => {
    if (grabbed !== undefined) onRange(moved(grabbed.range, (grabbed.x - event.clientX) / area.clientWidth));
  };
  const up = (): void => {
    grabbed = undefined;
    area.style.cursor = '';
  };
  const wheel = (event: WheelEvent): void => {
    const range = rangeOf(plot);
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      onRange(zoomed(range, plot.posToVal(event.offsetX, 'x'), Math.exp(event.deltaY / 400)));
    } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
      event.preventDefault();
      const delta = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      onRange(moved(range, delta / area.clientWidth));
    }
  };
  area.addEventListener('pointerdown', down);
  area.addEventListener('pointermove', move);
  area.addEventListener('pointerup', up);
  area.addEventListener('pointercancel', up);
  area.addEventListener('wheel', wheel, { passive: false });
  return () => {
    area.removeEventListener('pointerdown', down);
    area.removeEventListener('pointermove', move);
    area.removeEventListener('pointerup', up);
    area.removeEventListener('pointercancel', up);
    area.removeEventListener('wheel', wheel);
  };
}
