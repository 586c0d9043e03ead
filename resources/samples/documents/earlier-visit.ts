import { dayOf, longDate } from '../calendar.ts';
import { lowerFirst } from '../prose.ts';
import type { Job } from '../world.ts';

/** A sentence about the last visit to the machine, where there was one within a year. */
export function earlierVisit(job: Job): string | undefined {
  const { previous } = job;
  if (previous === undefined) return undefined;
  const days = dayOf(job.opened) - dayOf(previous.attended);
  if (days > 365 || days < 1) return undefined;
  const ago =
    days < 14
      ? `${days === 1 ? 'a day' : `${days} days`} ago`
      : days < 60
        ? `${Math.round(days / 7)} weeks ago`
        : `${Math.round(days / 30)} months ago`;
  if (previous.fault === job.fault)
    return `The same fault was attended to ${ago} (${previous.number}); this should be looked into.`;
  return `The last visit to ${job.asset.tag} was on ${longDate(previous.attended)} (${previous.number}: ${lowerFirst(previous.fault.title)}).`;
}
