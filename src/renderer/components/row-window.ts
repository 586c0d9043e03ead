/**
 * Chromium draws no element taller than 33,554,428 px (its layout counts in 64ths of a pixel): what lies below cannot be
 * reached. A longer list is drawn this tall and scrolled in proportion.
 */
export const tallest = 33_000_000;

/** Which rows of a list with rows of one height are in view, and where they are drawn. */
export interface RowWindow {
  /** Height of the element that scrolls, in pixels. */
  readonly height: number;
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  /** Distance of row `first` from the top of the element. */
  readonly top: number;
}

export interface RowWindowInput {
  readonly count: number;
  readonly rowHeight: number;
  readonly viewHeight: number;
  readonly scrollTop: number;
  /** Rows drawn beyond each edge. */
  readonly overscan: number;
}

export function rowWindow({ count, rowHeight, viewHeight, scrollTop, overscan }: RowWindowInput): RowWindow {
  const whole = count * rowHeight;
  const height = Math.min(whole, tallest);
  const offset = toListOffset(scrollTop, whole, height, viewHeight);
  const first = Math.max(0, Math.floor(offset / rowHeight) - overscan);
  const end = Math.min(count, Math.ceil((offset + viewHeight) / rowHeight) + overscan);
  return { height, first, end, top: scrollTop + first * rowHeight - offset };
}

/** Where in the list one is, given where the element is scrolled to. */
function toListOffset(scrollTop: number, whole: number, height: number, viewHeight: number): number {
  if (whole === height) return scrollTop;
  return (scrollTop / Math.max(1, height - viewHeight)) * Math.max(0, whole - viewHeight);
}

/** Where to scroll to so that a row is wholly in view, coming from `scrollTop`. */
export function scrollTopFor(row: number, input: Omit<RowWindowInput, 'overscan'>): number {
  const { count, rowHeight, viewHeight, scrollTop } = input;
  const whole = count * rowHeight;
  const height = Math.min(whole, tallest);
  const offset = toListOffset(scrollTop, whole, height, viewHeight);
  const wanted = Math.min(Math.max(offset, (row + 1) * rowHeight - viewHeight), row * rowHeight);
  if (wanted === offset) return scrollTop;
  return whole === height
    ? wanted
    : (wanted / Math.max(1, whole - viewHeight)) * Math.max(0, height - viewHeight);
}
