import {
  clockTime,
  isWeekend,
  longDate,
  minutesPerDay,
  momentOf,
  monthOf,
  months,
  weekdayOf,
  workingDayAfter,
  yearOf,
  type Moment,
} from './calendar.ts';
import { allEquipment } from './equipment/all.ts';
import { toldOf, type Equipment, type EquipmentType, type Fault, type Priority } from './equipment.ts';
import { createRandom, type Random } from './random.ts';
import { sites, specialFeatures, type SiteDescription } from './sites.ts';
import { write, type Slots } from './template.ts';

/** The firm whose records these are. It does not exist. */
export const firm = 'Marrowby Building Engineering';

/** A machine at a site. */
export interface Asset {
  /** "P-03" */
  readonly tag: string;
  readonly equipment: Equipment;
  readonly type: EquipmentType;
  readonly place: string;
  readonly serves: string;
  readonly installed: number;
}

export interface Site extends SiteDescription {
  readonly assets: readonly Asset[];
}

/** What a visit came to. */
export type Outcome = 'repaired' | 'part ordered';

/** A call to the service desk and what became of it: one of these stands behind every record. */
export interface Job {
  /** "M23-0147" */
  readonly number: string;
  readonly site: Site;
  readonly asset: Asset;
  readonly fault: Fault;
  /** Place of the cause in the fault's list. */
  readonly cause: number;
  readonly priority: Priority;
  readonly opened: Moment;
  readonly attended: Moment;
  readonly finished: Moment;
  readonly channel: 'telephone' | 'e-mail' | 'portal';
  /** A role. */
  readonly caller: string;
  /** "T11" */
  readonly technician: string;
  readonly outcome: Outcome;
  /** When the ordered part was fitted. */
  readonly returned: Moment | undefined;
  /** The last job at the same machine before this one. */
  readonly previous: Job | undefined;
  readonly slots: Slots;
}

export interface World {
  readonly sites: readonly Site[];
  /** In the order in which they were opened. */
  readonly jobs: readonly Job[];
}

const technicians = ['T02', 'T04', 'T05', 'T07', 'T08', 'T11', 'T12', 'T14', 'T17', 'T19'];
const floorNames = ['ground', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth'];
const jobCount = 1100;
const days = 730; // 2023 and 2024

/** Two years of the firm's work, the same for the same seed. */
export function createWorld(seed: number): World {
  const random = createRandom(seed);
  const builtSites = sites.map((site) => ({ ...site, assets: installAssets(site, random) }));
  const moments = Array.from({ length: jobCount }, () => openingTime(random)).sort((a, b) => a - b);
  const jobs: Job[] = [];
  const lastAt = new Map<Asset, Job>();
  const counts = new Map<number, number>();
  for (const opened of moments) {
    const year = yearOf(opened);
    const count = (counts.get(year) ?? 0) + 1;
    counts.set(year, count);
    const number = `M${year - 2000}-${String(count).padStart(4, '0')}`;
    const site = random.pick(builtSites);
    const asset = chooseAsset(site.assets, opened, random);
    const job = createJob({ number, site, asset, opened, previous: lastAt.get(asset) }, random);
    lastAt.set(asset, job);
    jobs.push(job);
  }
  return { sites: builtSites, jobs };
}

function installAssets(site: SiteDescription, random: Random): Asset[] {
  const features = new Set(site.features.split(', '));
  const isHere = (text: string): boolean =>
    specialFeatures.every((feature) => !text.includes(feature) || features.has(feature));
  return allEquipment.flatMap((equipment) => {
    const choices = equipment.types
      .map((type) => ({ ...type, places: type.places.filter(isHere), serves: type.serves.filter(isHere) }))
      .filter((type) => isHere(type.name) && type.serves.length > 0)
      .flatMap((type) => type.places.map((place) => ({ type, place })));
    const placed = new Set<string>();
    return Array.from({ length: site.equipment[equipment.name] ?? 0 }, (_, count): Asset => {
      if (choices.length === 0) throw new Error(`${site.name} has no place for a ${equipment.name}.`);
      // Two machines of one type rarely stand in one room.
      const free = choices.filter(({ type, place }) => !placed.has(`${type.name} ${place}`));
      const { type, place } = random.pick(free.length > 0 ? free : choices);
      placed.add(`${type.name} ${place}`);
      const slots = { floor: floorNames[random.integer(1, site.floors)]! };
      return {
        tag: `${equipment.prefix}-${String(count + 1).padStart(2, '0')}`,
        equipment,
        type,
        place: write(place, slots, random),
        serves: type.serves.includes(place) ? place : write(random.pick(type.serves), slots, random),
        installed: random.integer(1996, 2019),
      };
    });
  });
}

function openingTime(random: Random): Moment {
  const day = random.integer(0, days - 1);
  // Most calls come in the working day, a few at night.
  const minute = random.chance(0.85) ? random.integer(7 * 60, 17 * 60) : random.integer(0, minutesPerDay - 1);
  const moment = day * minutesPerDay + minute;
  return isWeekend(moment) && random.chance(0.7) ? moment + 2 * minutesPerDay : moment;
}

const seasonOf = (moment: Moment): 'winter' | 'summer' | undefined => {
  const month = monthOf(moment);
  return month <= 2 || month >= 10 ? 'winter' : month >= 4 && month <= 8 ? 'summer' : undefined;
};

function chooseAsset(assets: readonly Asset[], opened: Moment, random: Random): Asset {
  const season = seasonOf(opened);
  const busy = assets.filter(
    ({ equipment }) => equipment.busy === undefined || equipment.busy === season || random.chance(0.3),
  );
  return random.pick(busy.length > 0 ? busy : assets);
}

function chooseFault(
  { equipment, type }: Asset,
  opened: Moment,
  previous: Fault | undefined,
  random: Random,
): Fault {
  const season = seasonOf(opened);
  const possible = equipment.faults.filter(({ only }) => only === undefined || only.includes(type.name));
  const inSeason = possible.filter((fault) => fault.season === undefined || fault.season === season);
  // A repaired fault comes back now and then, not every time.
  const fresh = inSeason.filter((fault) => fault !== previous || random.chance(0.3));
  return random.pick([fresh, inSeason, possible].find((faults) => faults.length > 0)!);
}

/** Hours until somebody is there, by priority. */
const responseDays: Readonly<Record<Priority, readonly [number, number]>> = {
  urgent: [0, 0],
  high: [0, 1],
  normal: [1, 4],
  low: [3, 9],
};

function attendedAt(opened: Moment, priority: Priority, random: Random): Moment {
  const wait = random.integer(...responseDays[priority]);
  if (wait === 0) {
    const arrived = opened + random.integer(35, priority === 'urgent' ? 150 : 240);
    if (priority === 'urgent' || !isWeekend(arrived)) return arrived;
  }
  const morning = Math.floor(opened / minutesPerDay) * minutesPerDay + 5 * random.integer(8 * 12, 15 * 12);
  return workingDayAfter(morning, Math.max(1, wait));
}

function createJob(
  known: Pick<Job, 'number' | 'site' | 'asset' | 'opened' | 'previous'>,
  random: Random,
): Job {
  const { site, asset, opened } = known;
  const fault = chooseFault(asset, opened, known.previous?.fault, random);
  const attended = attendedAt(opened, fault.priority, random);
  const cause = random.integer(0, fault.cause.length - 1);
  const outcome = toldOf(fault.parts, cause).length > 0 && random.chance(0.14) ? 'part ordered' : 'repaired';
  const slots: Slots = {
    tag: asset.tag,
    asset: `the ${asset.type.name} ${asset.tag}`,
    machine: asset.type.name,
    place: asset.place,
    where: `${asset.equipment.preposition ?? 'in'} ${asset.place}`,
    serves: asset.serves,
    site: site.name,
    firm,
    floor: floorNames[random.integer(0, Math.max(0, site.floors - 1))]!,
    month: months[(monthOf(attended) + 3) % 12]!,
    lastMonth: months[(monthOf(attended) + 10) % 12]!,
    weekday: weekdayOf(opened - minutesPerDay),
    date: longDate(attended),
    time: clockTime(attended),
    number: known.number,
  };
  return {
    ...known,
    fault,
    cause,
    priority: fault.priority,
    attended,
    finished: attended + 5 * random.integer(9, 52),
    channel:
      fault.priority === 'urgent' ? 'telephone' : random.pick(['telephone', 'telephone', 'e-mail', 'portal']),
    caller: random.pick(site.contacts),
    technician: random.pick(technicians),
    outcome,
    returned:
      outcome === 'part ordered'
        ? workingDayAfter(
            Math.floor(attended / minutesPerDay) * minutesPerDay + 5 * random.integer(90, 170),
            random.integer(5, 16),
          )
        : undefined,
    slots,
  };
}

/** When planned work begins: a working day in the month, from eight in the morning. */
export function plannedVisit(year: number, month: number, random: Random): Moment {
  return workingDayAfter(
    momentOf(year, month, random.integer(1, 26), random.integer(8, 11), 5 * random.integer(0, 11)),
    0,
  );
}
