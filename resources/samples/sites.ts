/**
 * What only some buildings have. Equipment whose name, place or purpose mentions one of these words stands only at
 * sites that have it: no operating room in a school.
 */
export const specialFeatures: readonly string[] = (
  'ambulance, archive, auditorium, baggage, barrier, bedrooms, canteen, car park, cellar, ' +
  'changing, clean rooms, cold room, control room, cooling water, counter hall, dining, dispatch, ' +
  'dock, dye, exhibition, filter, flats, fourth, garage, gate, goods lift, goods-in, hall ' +
  'lighting, kitchen, laboratory, laundry, lecture, loading bay, meat, meeting, moulding, museum, ' +
  'offices, oil boiler, open-plan, operating, packing, paint, piston, pool, process hall, reading, ' +
  'revolving, rinse, screw, server, shops, sports hall, staff car park, stage, steam, steriliser, ' +
  'stores, swimming, switch room, tank farm, ticket, transfer, tyre, upper floors, ward, ' +
  'warehouse, wash line, workshop, yard'
).split(', ');

/** A building that the firm looks after. */
export interface SiteDescription {
  readonly name: string;
  /** After "is": "an office building of six floors". */
  readonly description: string;
  /** Floors above the ground floor. */
  readonly floors: number;
  /** Who calls, who shows the way. Roles, never names. */
  readonly contacts: readonly string[];
  /** Equipment by name, with how many there are. */
  readonly equipment: Readonly<Record<string, number>>;
  /** Which of the `specialFeatures` there are here, with commas. */
  readonly features: string;
  /** What a technician must know before going there. */
  readonly access: readonly string[];
}

export const sites: readonly SiteDescription[] = [
  {
    name: 'Larch House',
    description: 'an office building of six floors with a server room',
    floors: 6,
    contacts: ['the facilities desk', 'the receptionist', 'the building manager'],
    equipment: {
      pump: 3,
      lift: 2,
      boiler: 1,
      'automatic door': 2,
      'air handling unit': 2,
      chiller: 2,
      'standby generator': 2,
    },
    features: 'offices, open-plan, server, car park, upper floors, fourth, revolving, meeting, switch room',
    access: ['Report to the reception and sign the visitors’ book.', 'The roof key hangs in the post room.'],
  },
  {
    name: 'Tollgate Clinic',
    description: 'a clinic with two operating rooms and eighty beds',
    floors: 4,
    contacts: ['the technical manager', 'the ward desk', 'the porter', 'the theatre coordinator'],
    equipment: {
      pump: 4,
      lift: 3,
      boiler: 2,
      'automatic door': 4,
      'air handling unit': 3,
      chiller: 2,
      compressor: 1,
      'standby generator': 2,
      'lighting circuit': 2,
    },
    features:
      'operating, kitchen, laundry, ward, ambulance, steriliser, steam, laboratory, piston, car park, upper floors, server, meeting, changing, bedrooms, switch room, control room, cold room, meat',
    access: [
      'No noisy work before nine on the wards.',
      'Work on the air handling of the operating rooms only after the list has ended.',
    ],
  },
  {
    name: 'Larchfield School',
    description: 'a school with a sports hall and a canteen',
    floors: 2,
    contacts: ['the caretaker', 'the school office', 'the kitchen lead'],
    equipment: {
      pump: 3,
      lift: 1,
      boiler: 2,
      'automatic door': 2,
      'air handling unit': 2,
      'lighting circuit': 3,
    },
    features:
      'sports hall, canteen, kitchen, lecture, stage, workshop, changing, oil boiler, yard, meeting, hall lighting',
    access: ['During lessons report to the school office first.', 'Loud work is done in the holidays.'],
  },
  {
    name: 'Harbour Lane Depot',
    description: 'a warehouse with eight loading bays',
    floors: 2,
    contacts: ['the shift leader', 'the gate office', 'the fork-lift instructor'],
    equipment: {
      pump: 2,
      lift: 1,
      boiler: 1,
      'roller shutter': 5,
      compressor: 2,
      'lighting circuit': 2,
      'standby generator': 1,
    },
    features:
      'warehouse, garage, tyre, loading bay, yard, dock, goods-in, dispatch, goods lift, stores, workshop, gate, packing, screw, piston, hall lighting, changing, barrier, staff car park, control room',
    access: [
      'Safety boots and a yellow vest are compulsory in the yard.',
      'Drive at walking pace and keep to the left.',
    ],
  },
  {
    name: 'Millrace Hotel',
    description: 'a hotel of ninety rooms with a kitchen and a laundry',
    floors: 5,
    contacts: ['the night porter', 'the duty manager', 'the head housekeeper', 'the kitchen'],
    equipment: {
      pump: 3,
      lift: 2,
      boiler: 2,
      'automatic door': 2,
      'air handling unit': 2,
      chiller: 3,
      'lighting circuit': 1,
    },
    features:
      'kitchen, laundry, car park, upper floors, fourth, revolving, meeting, bedrooms, cold room, meat, steam, cellar, dining',
    access: [
      'Use the staff entrance beside the kitchen.',
      'No work in the corridors before ten in the morning.',
    ],
  },
  {
    name: 'Copperbeech Care Home',
    description: 'a care home for sixty residents',
    floors: 3,
    contacts: ['the nurse in charge', 'the caretaker', 'the home manager'],
    equipment: {
      pump: 2,
      lift: 2,
      boiler: 2,
      'automatic door': 3,
      'air handling unit': 1,
      'standby generator': 1,
      'lighting circuit': 2,
    },
    features: 'kitchen, laundry, ward, bedrooms, oil boiler, meeting, upper floors, yard, dining',
    access: [
      'Ring at the main door; the code is changed every month.',
      'Tools must never be left unattended in the corridors.',
    ],
  },
  {
    name: 'the Old Dye Works',
    description: 'a former factory with studios and workshops',
    floors: 3,
    contacts: ['the site manager', 'a tenant on the second floor', 'the print workshop'],
    equipment: { pump: 2, lift: 2, boiler: 1, 'roller shutter': 2, compressor: 2, 'lighting circuit': 2 },
    features:
      'workshop, goods lift, stores, yard, gate, piston, screw, dye, steam, hall lighting, process hall, flats, loading bay, garage',
    access: [
      'The yard gate is locked after six; phone the site manager.',
      'Power for the goods lift is switched in the porter’s lodge.',
    ],
  },
  {
    name: 'Alder Street Baths',
    description: 'a swimming bath with a sauna',
    floors: 1,
    contacts: ['the pool attendant', 'the plant operator', 'the ticket office'],
    equipment: {
      pump: 5,
      boiler: 2,
      'automatic door': 1,
      'air handling unit': 2,
      'lighting circuit': 2,
      'standby generator': 1,
    },
    features: 'pool, filter, swimming, changing, ticket, yard, kitchen',
    access: [
      'The plant room is entered by the ramp behind the baths.',
      'The chlorine store may be entered only with the plant operator.',
    ],
  },
  {
    name: 'Windmill Library',
    description: 'a public library with an archive in the basement',
    floors: 2,
    contacts: ['the librarian on duty', 'the caretaker', 'the archive'],
    equipment: { pump: 2, lift: 2, boiler: 1, 'automatic door': 3, 'air handling unit': 2, chiller: 1 },
    features: 'archive, goods lift, reading, lecture, meeting, car park',
    access: [
      'Closed on Mondays; the caretaker opens the side door.',
      'Water must not be drained above the archive without a second person.',
    ],
  },
  {
    name: 'Brickfield Theatre',
    description: 'a theatre with four hundred seats',
    floors: 3,
    contacts: ['the stage door', 'the technical director’s office', 'the box office'],
    equipment: {
      pump: 2,
      lift: 2,
      boiler: 1,
      'automatic door': 2,
      'air handling unit': 2,
      chiller: 1,
      'lighting circuit': 2,
      'standby generator': 1,
    },
    features: 'stage, auditorium, lecture, meeting, kitchen, hall lighting, yard, revolving',
    access: [
      'No work near the stage during rehearsals.',
      'The stage door keeps the keys of the plant rooms.',
    ],
  },
  {
    name: 'Foundry Yard',
    description: 'a works with three process halls',
    floors: 1,
    contacts: ['the shift foreman', 'the maintenance office', 'the quality laboratory'],
    equipment: {
      pump: 4,
      boiler: 2,
      'roller shutter': 3,
      compressor: 3,
      chiller: 1,
      'standby generator': 1,
      'lighting circuit': 2,
    },
    features:
      'process hall, workshop, yard, gate, screw, piston, transfer, tank farm, wash line, rinse, steam, dye, paint, packing, hall lighting, moulding, changing, control room, switch room, loading bay, cooling water',
    access: [
      'Helmet, glasses and ear protection beyond the yellow line.',
      'Hot work needs a permit from the maintenance office.',
    ],
  },
  {
    name: 'Orchard Road Flats',
    description: 'three blocks of flats with an underground car park',
    floors: 6,
    contacts: ['the caretaker', 'a tenant on the third floor', 'the housing office'],
    equipment: {
      pump: 4,
      lift: 3,
      boiler: 2,
      'roller shutter': 1,
      'lighting circuit': 2,
      'air handling unit': 1,
    },
    features: 'flats, car park, upper floors, fourth, yard, barrier, cellar, gate',
    access: [
      'The key safe is beside the letter boxes of block B.',
      'Tell the tenants by notice if the water is turned off.',
    ],
  },
  {
    name: 'Sandpit Lane Sports Centre',
    description: 'a sports centre with two halls and a café',
    floors: 1,
    contacts: ['the hall supervisor', 'the café', 'the club office'],
    equipment: {
      pump: 2,
      lift: 1,
      boiler: 1,
      'automatic door': 2,
      'air handling unit': 2,
      'lighting circuit': 3,
    },
    features: 'sports hall, changing, hall lighting, kitchen, canteen, car park, meeting',
    access: [
      'Work above the hall floor only before two in the afternoon.',
      'Street shoes are not allowed on the hall floor.',
    ],
  },
  {
    name: 'Ferry Point Terminal',
    description: 'a passenger terminal on the quay',
    floors: 2,
    contacts: ['the terminal control', 'the ticket office', 'the baggage hall'],
    equipment: {
      pump: 3,
      lift: 2,
      'automatic door': 4,
      'air handling unit': 1,
      chiller: 2,
      'roller shutter': 2,
      'standby generator': 2,
      'lighting circuit': 2,
    },
    features:
      'ticket, baggage, yard, gate, server, control room, switch room, offices, car park, barrier, loading bay, stores',
    access: [
      'A pass is issued at the gate against an identity card.',
      'Nothing may block the gangways while a ship is boarding.',
    ],
  },
  {
    name: 'the Gasworks Museum',
    description: 'a museum of engineering in an old gasworks',
    floors: 2,
    contacts: ['the museum office', 'the supervisor', 'the restoration workshop'],
    equipment: {
      pump: 2,
      lift: 2,
      boiler: 1,
      'automatic door': 2,
      'air handling unit': 2,
      chiller: 1,
      compressor: 1,
    },
    features: 'exhibition, workshop, lecture, museum, archive, goods lift, piston, meeting, oil boiler, yard',
    access: ['Nothing may be fixed to the listed brickwork.', 'Exhibits are moved by the museum only.'],
  },
  {
    name: 'Linden Arcade',
    description: 'a shopping arcade with thirty shops',
    floors: 2,
    contacts: ['the centre management', 'the security desk', 'the bakery'],
    equipment: {
      pump: 3,
      lift: 3,
      'automatic door': 4,
      'air handling unit': 3,
      chiller: 2,
      'roller shutter': 3,
      'standby generator': 1,
      'lighting circuit': 2,
    },
    features:
      'shops, kitchen, car park, loading bay, goods lift, stores, revolving, dock, goods-in, barrier, hall lighting, upper floors, cold room, meat',
    access: [
      'Deliveries and repairs before nine or after eight.',
      'The security desk gives out the keys against a signature.',
    ],
  },
  {
    name: 'Northgate Market Hall',
    description: 'a market hall with cold stores below',
    floors: 1,
    contacts: ['the market office', 'a stallholder', 'the cleaning team'],
    equipment: {
      pump: 3,
      lift: 1,
      'automatic door': 2,
      'air handling unit': 1,
      chiller: 4,
      'roller shutter': 3,
      'lighting circuit': 1,
    },
    features:
      'shops, cold room, meat, loading bay, goods lift, stores, dock, goods-in, cellar, yard, kitchen',
    access: [
      'The floor is hosed at four in the afternoon; boots are needed.',
      'Park in Tanner’s Row, not in front of the gate.',
    ],
  },
  {
    name: 'Kestrel Court',
    description: 'a court building with cells in the basement',
    floors: 4,
    contacts: ['the security desk', 'the clerk’s office', 'the building manager'],
    equipment: {
      pump: 2,
      lift: 3,
      boiler: 1,
      'automatic door': 3,
      'air handling unit': 2,
      chiller: 1,
      'standby generator': 1,
    },
    features:
      'offices, archive, meeting, upper floors, car park, server, control room, switch room, counter hall',
    access: [
      'Tools are counted in and out at the security desk.',
      'No drilling while the courts are sitting.',
    ],
  },
  {
    name: 'Quarry Hill Laboratory',
    description: 'a research laboratory with clean rooms',
    floors: 3,
    contacts: ['the laboratory manager', 'the safety officer', 'the goods-in desk'],
    equipment: {
      pump: 4,
      lift: 1,
      boiler: 2,
      'automatic door': 2,
      'air handling unit': 3,
      chiller: 3,
      compressor: 2,
      'standby generator': 2,
    },
    features:
      'laboratory, clean rooms, server, piston, transfer, rinse, cooling water, switch room, control room, offices, goods-in, lecture, tank farm, steam, steriliser, cold room, meeting, changing, workshop',
    access: [
      'Clean rooms are entered only with a member of staff and in full clothing.',
      'Ask the safety officer before any duct is opened.',
    ],
  },
  {
    name: 'Saddlers Wharf',
    description: 'a riverside block with offices, flats and a restaurant',
    floors: 5,
    contacts: ['the concierge', 'the restaurant', 'a tenant on the fourth floor'],
    equipment: {
      pump: 4,
      lift: 2,
      boiler: 1,
      'automatic door': 2,
      'air handling unit': 2,
      chiller: 2,
      'roller shutter': 1,
      'lighting circuit': 1,
    },
    features:
      'offices, flats, kitchen, car park, upper floors, fourth, meeting, revolving, barrier, cellar, dining',
    access: [
      'The basement floods at spring tides; look at the tide table.',
      'The concierge is in from seven until eleven at night.',
    ],
  },
];
