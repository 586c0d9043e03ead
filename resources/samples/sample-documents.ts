import { seedOf } from './account.ts';
import { dayOf, isoDate, minutesPerDay, momentOf, monthOf, yearOf } from './calendar.ts';
import { callLog } from './documents/call-log.ts';
import { guidanceNote } from './documents/guidance-note.ts';
import { handover } from './documents/handover.ts';
import { incidentReview } from './documents/incident-review.ts';
import { inspection } from './documents/inspection.ts';
import { letter } from './documents/letter.ts';
import { machineCard } from './documents/machine-card.ts';
import { quarterlySummary } from './documents/quarterly-summary.ts';
import { serviceReport } from './documents/service-report.ts';
import { allEquipment } from './equipment/all.ts';
import { createRandom } from './random.ts';
import { createWorld, plannedVisit, type Job, type World } from './world.ts';

export interface SampleDocument {
  /** File name, the same for the same document: "2023-03-14-report-M23-0147.txt". */
  readonly name: string;
  readonly text: string;
}

/** The seed of the sample data. Another seed would give other records of the same firm. */
export const sampleSeed = 1897;

/**
 * The free texts of the firm: reports, letters, call logs, inspection records, handover notes, summaries, incident
 * reviews, machine cards and guidance notes, by name. Always the same for the same seed.
 */
export function sampleDocuments(seed: number = sampleSeed): readonly SampleDocument[] {
  const world = createWorld(seed);
  return [
    ...world.jobs.filter((_, place) => place % 2 === 0).map(documentOfJob),
    ...inspections(world),
    ...handovers(world),
    ...quarterlySummaries(world),
    ...machineCards(world),
    ...guidanceNotes(),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What is kept of every second job: mostly a technician's report; of some a letter, a call or a review instead. */
function documentOfJob(job: Job, place: number): SampleDocument {
  const date = isoDate(job.attended);
  const slot = place % 9;
  if (job.priority === 'urgent' && slot < 4)
    return { name: `${date}-review-${job.number}.txt`, text: incidentReview(job) };
  if (job.channel === 'telephone' && (slot === 1 || slot === 6))
    return { name: `${isoDate(job.opened)}-call-${job.number}.txt`, text: callLog(job) };
  if (slot === 3 || slot === 8) return { name: `${date}-letter-${job.number}.txt`, text: letter(job) };
  return { name: `${date}-report-${job.number}.txt`, text: serviceReport(job) };
}

function inspections({ sites }: World): SampleDocument[] {
  const documents: SampleDocument[] = [];
  for (const year of [2023, 2024]) {
    for (const [place, site] of sites.entries()) {
      for (const half of [6 * (place % 2)]) {
        const number = `R${year - 2000}-${String(documents.length + 1).padStart(3, '0')}`;
        const random = createRandom(seedOf(number));
        const begins = plannedVisit(year, half + (place % 6), random);
        const technician = random.pick(['T02', 'T05', 'T08', 'T12', 'T17']);
        const assets = random.pickSome(site.assets, random.integer(2, 3));
        documents.push({
          name: `${isoDate(begins)}-inspection-${number}.txt`,
          text: inspection({ site, assets, begins, technician, number }, random),
        });
      }
    }
  }
  return documents;
}

function handovers({ jobs }: World): SampleDocument[] {
  const byShift = new Map<string, Job[]>();
  for (const job of jobs) {
    const hour = Math.floor((job.opened % minutesPerDay) / 60);
    if (hour < 6) continue;
    const shift = hour < 18 ? 'day' : 'night';
    const key = `${dayOf(job.opened)} ${shift}`;
    byShift.set(key, [...(byShift.get(key) ?? []), job]);
  }
  return [...byShift]
    .filter(([, shiftJobs]) => shiftJobs.length >= 4 && shiftJobs.length <= 7)
    .map(([key, shiftJobs]) => {
      const shift = key.endsWith('day') ? 'day' : 'night';
      const end = dayOf(shiftJobs[0]!.opened) * minutesPerDay + (shift === 'day' ? 18 * 60 : 22 * 60);
      const text = handover(shiftJobs, end, shift, createRandom(seedOf(`handover ${key}`)));
      return { name: `${isoDate(end)}-handover-${shift}.txt`, text };
    });
}

function quarterlySummaries({ sites, jobs }: World): SampleDocument[] {
  const inQuarter = (job: Job, year: number, first: number): boolean =>
    yearOf(job.opened) === year && Math.floor(monthOf(job.opened) / 3) * 3 === first;
  return sites.flatMap((site) =>
    [2023, 2024].flatMap((year) =>
      [9].flatMap((first): SampleDocument[] => {
        const here = jobs.filter((job) => job.site === site);
        const now = here.filter((job) => inQuarter(job, year, first));
        if (now.length < 3) return [];
        const before = here.filter((job) => inQuarter(job, year, first - 3));
        const name = `${isoDate(momentOf(year, first + 2, 28))}-summary-${fileName(site.name)}.txt`;
        return [
          { name, text: quarterlySummary(site, now, before, { year, first }, createRandom(seedOf(name))) },
        ];
      }),
    ),
  );
}

function machineCards({ sites, jobs }: World): SampleDocument[] {
  return sites.flatMap((site) =>
    site.assets.flatMap((asset): SampleDocument[] => {
      const repairs = jobs.filter((job) => job.asset === asset);
      if (repairs.length < 6) return [];
      return [
        { name: `card-${fileName(site.name)}-${asset.tag}.txt`, text: machineCard(site, asset, repairs) },
      ];
    }),
  );
}

function guidanceNotes(): SampleDocument[] {
  const faults = allEquipment.flatMap((equipment) => equipment.faults.map((fault) => ({ equipment, fault })));
  return faults.map(({ equipment, fault }, place) => ({
    name: `guidance-${String(place + 1).padStart(2, '0')}-${fileName(fault.title)}.txt`,
    text: guidanceNote(equipment, fault, place + 1, createRandom(seedOf(fault.title))),
  }));
}

function fileName(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^the-/, '');
}
