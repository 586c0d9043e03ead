/** Dates are counted in minutes since the start of 2023, in one time zone, so that no clock or locale matters. */
export type Moment = number;

export const minutesPerDay = 24 * 60;
const start = Date.UTC(2023, 0, 1);
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
export const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const dateOf = (moment: Moment): Date => new Date(start + moment * 60_000);

export function momentOf(year: number, month: number, day: number, hour = 0, minute = 0): Moment {
  return (Date.UTC(year, month, day, hour, minute) - start) / 60_000;
}

export const yearOf = (moment: Moment): number => dateOf(moment).getUTCFullYear();
/** 0 is January. */
export const monthOf = (moment: Moment): number => dateOf(moment).getUTCMonth();
export const weekdayOf = (moment: Moment): string => weekdays[dateOf(moment).getUTCDay()]!;
export const isWeekend = (moment: Moment): boolean => [0, 6].includes(dateOf(moment).getUTCDay());
export const dayOf = (moment: Moment): number => Math.floor(moment / minutesPerDay);

/** "14 March 2023" */
export function longDate(moment: Moment): string {
  return `${dateOf(moment).getUTCDate()} ${months[monthOf(moment)]!} ${yearOf(moment)}`;
}

/** "14 March" */
export function dayAndMonth(moment: Moment): string {
  return `${dateOf(moment).getUTCDate()} ${months[monthOf(moment)]!}`;
}

/** "2023-03-14" */
export function isoDate(moment: Moment): string {
  return dateOf(moment).toISOString().slice(0, 10);
}

/** "09:05" */
export function clockTime(moment: Moment): string {
  return dateOf(moment).toISOString().slice(11, 16);
}

/** The same time of day `days` later, moved from a weekend to the Monday after it. */
export function workingDayAfter(moment: Moment, days: number): Moment {
  let later = moment + days * minutesPerDay;
  while (isWeekend(later)) later += minutesPerDay;
  return later;
}
