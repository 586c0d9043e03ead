import { accountOf } from '../account.ts';
import { longDate } from '../calendar.ts';
import { inWords, shortName } from '../prose.ts';
import { capitalize, enumerate } from '../template.ts';
import type { Asset, Job, Site } from '../world.ts';

/** The card that hangs at a machine: what it is and what has been done to it. */
export function machineCard(site: Site, asset: Asset, jobs: readonly Job[]): string {
  const entries = jobs.flatMap((job) => {
    const { cause, work, parts } = accountOf(job);
    const first = `${longDate(job.attended)}, ${job.technician}, ${job.number}: ${job.fault.title}. ${cause} ${work.at(1) ?? work[0]!}`;
    if (job.returned === undefined) return [first];
    return [
      first,
      `${longDate(job.returned)}, ${job.technician}: fitted ${enumerate(parts.map(shortName))}, tested, in order.`,
    ];
  });
  return `${[
    `Machine card ${asset.tag}`,
    `${capitalize(asset.type.name)} in ${asset.place} of ${site.name}${asset.serves === asset.place ? '' : `, serves ${asset.serves}`}. Installed in ${asset.installed}. ${capitalize(inWords(jobs.length))} ${jobs.length === 1 ? 'repair' : 'repairs'} in two years.`,
    ...entries,
  ].join('\n')}\n`;
}
