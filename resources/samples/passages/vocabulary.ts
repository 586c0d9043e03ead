/** A noun in both languages. */
export interface Noun {
  readonly english: string;
  readonly german: string;
  readonly gender: 'masculine' | 'feminine' | 'neuter';
  /** "des Brenners" without its article; as the nominative when absent (feminine nouns). */
  readonly genitive?: string;
}

export interface Machine extends Noun {
  /** Its parts, by their English names. */
  readonly parts: readonly string[];
  /** Whether water or oil can run out of it. */
  readonly wet?: boolean;
}

export const machines: readonly Machine[] = [
  {
    english: 'circulation pump',
    german: 'Umwälzpumpe',
    gender: 'feminine',
    parts: ['seal', 'bearing', 'motor'],
    wet: true,
  },
  {
    english: 'booster pump',
    german: 'Druckerhöhungspumpe',
    gender: 'feminine',
    parts: ['seal', 'bearing', 'motor', 'contactor'],
    wet: true,
  },
  {
    english: 'sump pump',
    german: 'Tauchpumpe',
    gender: 'feminine',
    parts: ['float switch', 'seal', 'motor'],
    wet: true,
  },
  {
    english: 'passenger lift',
    german: 'Personenaufzug',
    gender: 'masculine',
    genitive: 'Personenaufzugs',
    parts: ['brake', 'motor', 'light curtain', 'contactor', 'control board'],
  },
  {
    english: 'goods lift',
    german: 'Lastenaufzug',
    gender: 'masculine',
    genitive: 'Lastenaufzugs',
    parts: ['brake', 'motor', 'light curtain', 'control board'],
  },
  {
    english: 'gas boiler',
    german: 'Gaskessel',
    gender: 'masculine',
    genitive: 'Gaskessels',
    parts: ['safety valve', 'temperature sensor', 'control board', 'fan'],
    wet: true,
  },
  {
    english: 'steam boiler',
    german: 'Dampfkessel',
    gender: 'masculine',
    genitive: 'Dampfkessels',
    parts: ['safety valve', 'temperature sensor', 'seal'],
    wet: true,
  },
  {
    english: 'burner',
    german: 'Brenner',
    gender: 'masculine',
    genitive: 'Brenners',
    parts: ['fan', 'motor', 'filter'],
  },
  {
    english: 'sliding door',
    german: 'Schiebetür',
    gender: 'feminine',
    parts: ['belt', 'motor', 'light curtain', 'battery', 'control board'],
  },
  {
    english: 'revolving door',
    german: 'Drehtür',
    gender: 'feminine',
    parts: ['motor', 'control board', 'brake', 'battery'],
  },
  {
    english: 'fire door',
    german: 'Brandschutztür',
    gender: 'feminine',
    parts: ['spring', 'battery', 'seal'],
  },
  {
    english: 'air handling unit',
    german: 'Lüftungsanlage',
    gender: 'feminine',
    parts: ['belt', 'filter', 'fan', 'bearing', 'motor'],
    wet: true,
  },
  {
    english: 'smoke extract fan',
    german: 'Entrauchungsventilator',
    gender: 'masculine',
    genitive: 'Entrauchungsventilators',
    parts: ['motor', 'bearing', 'contactor'],
  },
  {
    english: 'chiller',
    german: 'Kältemaschine',
    gender: 'feminine',
    parts: ['fan', 'temperature sensor', 'contactor', 'hose'],
    wet: true,
  },
  {
    english: 'air conditioner',
    german: 'Klimagerät',
    gender: 'neuter',
    genitive: 'Klimageräts',
    parts: ['filter', 'fan', 'hose', 'control board'],
    wet: true,
  },
  {
    english: 'roller shutter',
    german: 'Rolltor',
    gender: 'neuter',
    genitive: 'Rolltors',
    parts: ['spring', 'motor', 'brake', 'light curtain'],
  },
  { english: 'barrier', german: 'Schranke', gender: 'feminine', parts: ['spring', 'motor', 'control board'] },
  {
    english: 'compressor',
    german: 'Kompressor',
    gender: 'masculine',
    genitive: 'Kompressors',
    parts: ['belt', 'filter', 'safety valve', 'hose', 'bearing'],
    wet: true,
  },
  {
    english: 'standby generator',
    german: 'Notstromaggregat',
    gender: 'neuter',
    genitive: 'Notstromaggregats',
    parts: ['battery', 'filter', 'hose', 'belt'],
    wet: true,
  },
];

/** Parts that are replaced, cleaned or checked. */
export const parts: readonly Noun[] = [
  { english: 'seal', german: 'Dichtung', gender: 'feminine' },
  { english: 'bearing', german: 'Lager', gender: 'neuter', genitive: 'Lagers' },
  { english: 'filter', german: 'Filter', gender: 'masculine', genitive: 'Filters' },
  { english: 'motor', german: 'Motor', gender: 'masculine', genitive: 'Motors' },
  { english: 'control board', german: 'Steuerplatine', gender: 'feminine' },
  { english: 'safety valve', german: 'Sicherheitsventil', gender: 'neuter', genitive: 'Sicherheitsventils' },
  { english: 'belt', german: 'Riemen', gender: 'masculine', genitive: 'Riemens' },
  {
    english: 'temperature sensor',
    german: 'Temperaturfühler',
    gender: 'masculine',
    genitive: 'Temperaturfühlers',
  },
  { english: 'battery', german: 'Batterie', gender: 'feminine' },
  { english: 'fan', german: 'Ventilator', gender: 'masculine', genitive: 'Ventilators' },
  {
    english: 'float switch',
    german: 'Schwimmerschalter',
    gender: 'masculine',
    genitive: 'Schwimmerschalters',
  },
  { english: 'light curtain', german: 'Lichtgitter', gender: 'neuter', genitive: 'Lichtgitters' },
  { english: 'brake', german: 'Bremse', gender: 'feminine' },
  { english: 'spring', german: 'Feder', gender: 'feminine' },
  { english: 'hose', german: 'Schlauch', gender: 'masculine', genitive: 'Schlauchs' },
  { english: 'contactor', german: 'Schütz', gender: 'neuter', genitive: 'Schützes' },
];

/** A phrase of the same meaning in both languages. */
export interface Phrase {
  readonly english: string;
  readonly german: string;
}

/** Where something stands: in German in the dative. */
export const places: readonly Phrase[] = [
  { english: 'in the basement', german: 'im Keller' },
  { english: 'in the boiler house', german: 'im Kesselhaus' },
  { english: 'on the roof', german: 'auf dem Dach' },
  { english: 'in the entrance hall', german: 'in der Eingangshalle' },
  { english: 'at the loading bay', german: 'an der Laderampe' },
  { english: 'in the east wing', german: 'im Ostflügel' },
  { english: 'in the kitchen', german: 'in der Küche' },
  { english: 'on the second floor', german: 'im zweiten Stock' },
  { english: 'in the car park', german: 'im Parkhaus' },
  { english: 'in the workshop', german: 'in der Werkstatt' },
  { english: 'in the sports hall', german: 'in der Sporthalle' },
  { english: 'at the side entrance', german: 'am Nebeneingang' },
];

export const times: readonly Phrase[] = [
  { english: 'on Monday', german: 'am Montag' },
  { english: 'on Tuesday', german: 'am Dienstag' },
  { english: 'on Wednesday', german: 'am Mittwoch' },
  { english: 'on Thursday', german: 'am Donnerstag' },
  { english: 'on Friday', german: 'am Freitag' },
  { english: 'tomorrow morning', german: 'morgen früh' },
  { english: 'next week', german: 'nächste Woche' },
  { english: 'in three days', german: 'in drei Tagen' },
  { english: 'at nine o’clock', german: 'um neun Uhr' },
  { english: 'before the weekend', german: 'vor dem Wochenende' },
];

export const pastTimes: readonly Phrase[] = [
  { english: 'yesterday', german: 'gestern' },
  { english: 'this morning', german: 'heute Morgen' },
  { english: 'last night', german: 'letzte Nacht' },
  { english: 'last week', german: 'letzte Woche' },
  { english: 'at the weekend', german: 'am Wochenende' },
  { english: 'after the storm', german: 'nach dem Sturm' },
  { english: 'during the night shift', german: 'während der Nachtschicht' },
];
