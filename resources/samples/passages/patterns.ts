import type { Phrase } from './vocabulary.ts';

/**
 * Sentences in both languages. Slots: {machine} and {part} with the definite article, in German in the nominative, with
 * .acc, .dat or .gen in another case; {place}, {time} (to come), {past} (gone by), {n} (the same small number).
 */
export interface Patterns {
  readonly notices: readonly (Phrase & {
    /** Only of a machine out of which something can run. */ readonly wet?: boolean;
  })[];
  readonly findings: readonly Phrase[];
  readonly work: readonly Phrase[];
  readonly closings: readonly Phrase[];
}

export const patterns: Patterns = {
  notices: [
    { english: '{Machine} {place} broke down {past}.', german: '{Machine} {place} ist {past} ausgefallen.' },
    {
      english: '{Past} {machine} {place} stopped without warning.',
      german: '{Past} blieb {machine} {place} ohne Vorwarnung stehen.',
    },
    {
      english: 'We have noticed an unusual noise from {machine} {place}.',
      german: 'Wir haben ein ungewöhnliches Geräusch {machine.from} {place} bemerkt.',
    },
    {
      english: 'The caretaker reported {past} that {machine} {place} no longer works properly.',
      german: 'Der Hausmeister meldete {past}, dass {machine} {place} nicht mehr richtig funktioniert.',
    },
    {
      english: 'Please look at {machine} {place}.',
      german: 'Bitte sehen Sie sich {machine.acc} {place} an.',
    },
    {
      english: 'There is a puddle under {machine} {place}.',
      german: 'Unter {machine.dat} {place} steht eine Pfütze.',
      wet: true,
    },
    {
      english: '{Machine} {place} has failed for the {n} time this year.',
      german: '{Machine} {place} ist in diesem Jahr zum {n} Mal ausgefallen.',
    },
    {
      english: 'The display of {machine} shows a fault.',
      german: 'Die Anzeige {machine.gen} meldet eine Störung.',
    },
    {
      english: '{Machine} {place} gets very hot and smells of burnt rubber.',
      german: '{Machine} {place} wird sehr heiß und riecht nach verbranntem Gummi.',
    },
    {
      english: 'Since the last service {machine} has been louder than before.',
      german: 'Seit der letzten Wartung ist {machine} lauter als zuvor.',
    },
  ],
  findings: [
    { english: '{Part} was worn.', german: '{Part} war verschlissen.' },
    {
      english: 'The technician found that {part} was damaged.',
      german: 'Der Techniker stellte fest, dass {part} beschädigt war.',
    },
    { english: 'The cause was a fault in {part}.', german: 'Die Ursache war ein Fehler {part.in}.' },
    {
      english: '{Part} of {machine} had not been checked for years.',
      german: '{Part} {machine.gen} war seit Jahren nicht geprüft worden.',
    },
    { english: 'Dirt had collected around {part}.', german: 'Um {part.acc} hatte sich Schmutz angesammelt.' },
    {
      english: 'We measured twice and found no other fault.',
      german: 'Wir haben zweimal gemessen und keinen weiteren Fehler gefunden.',
    },
    { english: 'A screw on {part} had come loose.', german: 'Eine Schraube {part.on} hatte sich gelöst.' },
    { english: 'Water had got into {part}.', german: 'In {part.acc} war Wasser eingedrungen.' },
  ],
  work: [
    {
      english: 'We replaced {part} and tested {machine} under load.',
      german: 'Wir haben {part.acc} ausgetauscht und {machine.acc} unter Last geprüft.',
    },
    {
      english: 'We cleaned {part} and tightened all the screws.',
      german: 'Wir haben {part.acc} gereinigt und alle Schrauben nachgezogen.',
    },
    {
      english: 'A new part has been ordered and will be fitted {time}.',
      german: 'Ein neues Teil ist bestellt und wird {time} eingebaut.',
    },
    {
      english: 'Our technician will come {time} with the spare part.',
      german: 'Unser Techniker kommt {time} mit dem Ersatzteil.',
    },
    {
      english: '{Machine} was switched off and secured against being switched on again.',
      german: '{Machine} wurde abgeschaltet und gegen Wiedereinschalten gesichert.',
    },
    {
      english: 'After the repair {machine} ran for an hour without a fault.',
      german: 'Nach der Reparatur lief {machine} eine Stunde lang ohne Störung.',
    },
    {
      english: 'We adjusted {part} and entered the values in the log.',
      german: 'Wir haben {part.acc} eingestellt und die Werte ins Betriebsbuch eingetragen.',
    },
    {
      english: 'The old part was taken away and disposed of.',
      german: 'Das alte Teil wurde mitgenommen und entsorgt.',
    },
    {
      english: 'The repair of {machine} took longer than planned.',
      german: 'Die Reparatur {machine.gen} dauerte länger als geplant.',
    },
  ],
  closings: [
    {
      english: 'Please keep the way to {machine} clear.',
      german: 'Bitte halten Sie den Weg {machine.to} frei.',
    },
    {
      english: 'Please do not switch {machine} on before we have been there.',
      german: 'Bitte schalten Sie {machine.acc} nicht ein, bevor wir da waren.',
    },
    { english: 'We will call you {time}.', german: 'Wir rufen Sie {time} an.' },
    {
      english: 'The next inspection is due in {month}.',
      german: 'Die nächste Prüfung ist im {month} fällig.',
    },
    {
      english: 'We recommend replacing {part} in good time.',
      german: 'Wir empfehlen, {part.acc} rechtzeitig zu ersetzen.',
    },
    { english: 'The report is attached to this message.', german: 'Der Bericht liegt dieser Nachricht bei.' },
    {
      english: 'If the fault returns, please call the service desk at once.',
      german: 'Wenn die Störung wieder auftritt, rufen Sie bitte sofort die Leitstelle an.',
    },
    { english: 'Thank you for your patience.', german: 'Vielen Dank für Ihre Geduld.' },
    { english: 'The key is at the reception.', german: 'Der Schlüssel liegt am Empfang.' },
    { english: 'Nobody was hurt.', german: 'Es wurde niemand verletzt.' },
  ],
};

/** For {n} in "the second time". */
export const ordinals: readonly Phrase[] = [
  { english: 'second', german: 'zweiten' },
  { english: 'third', german: 'dritten' },
  { english: 'fourth', german: 'vierten' },
];

export const monthNames: readonly Phrase[] = [
  { english: 'January', german: 'Januar' },
  { english: 'March', german: 'März' },
  { english: 'May', german: 'Mai' },
  { english: 'July', german: 'Juli' },
  { english: 'October', german: 'Oktober' },
  { english: 'December', german: 'Dezember' },
];
