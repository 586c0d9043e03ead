import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { writeFileAtomicallySync } from '../../llm/files/atomic-file.ts';

const rectangleSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
});
export type Rectangle = z.output<typeof rectangleSchema>;

/** Where a window was, and whether it filled its display. */
const placeSchema = z.object({ bounds: rectangleSchema, maximized: z.boolean() });
export type WindowPlace = z.output<typeof placeSchema>;

/** A size at which every screen has room, and one below which none has. */
export const usualSize = { width: 1280, height: 800 };
export const smallestSize = { width: 900, height: 600 };

/** A place that cannot be read is no reason to fail: the window comes up as at the first start. */
export function readWindowPlace(file: string): WindowPlace | undefined {
  try {
    return placeSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Remembers a place, at once: the application may end right after. */
export function writeWindowPlace(file: string, place: WindowPlace): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileAtomicallySync(file, JSON.stringify(place));
}

/**
 * The bounds at which a window is wholly visible: as it was, if the display that shows most of it is still there, moved
 * and made smaller as far as needed; else undefined, and the system places it.
 * @param displays the areas that windows may take on the displays that there are now
 */
export function fitToDisplays(bounds: Rectangle, displays: readonly Rectangle[]): Rectangle | undefined {
  const [best] = displays
    .map((display) => ({ display, shared: sharedArea(bounds, display) }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared);
  if (best === undefined) return undefined;
  const { display } = best;
  const width = Math.min(bounds.width, display.width);
  const height = Math.min(bounds.height, display.height);
  return {
    x: clamp(bounds.x, display.x, display.x + display.width - width),
    y: clamp(bounds.y, display.y, display.y + display.height - height),
    width,
    height,
  };
}

function sharedArea(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
