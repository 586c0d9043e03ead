import type { Equipment } from '../equipment.ts';

export const doors: Equipment = {
  name: 'automatic door',
  plural: 'automatic doors',
  prefix: 'D',
  preposition: 'at',
  types: [
    {
      name: 'sliding door',
      places: ['the main entrance', 'the ambulance bay', 'the passage to the car park'],
      serves: ['visitors and staff', 'the public'],
    },
    {
      name: 'revolving door',
      places: ['the main entrance', 'the north entrance'],
      serves: ['the foyer', 'the counter hall'],
    },
    {
      name: 'swing door',
      places: ['the corridor to the kitchen', 'the staff entrance', 'the ward corridor'],
      serves: ['the staff', 'visitors in wheelchairs'],
    },
    {
      name: 'fire door',
      places: ['the {floor} floor corridor', 'the stairwell', 'the archive'],
      serves: ['the fire compartment of the {floor} floor', 'the escape stairs'],
    },
  ],
  faults: [
    {
      title: 'Door does not close',
      category: 'controls',
      priority: 'normal',
      only: ['sliding door', 'swing door'],
      reported: [
        'The [entrance|glass] door stays open and the [hall|reception] is freezing.',
        '{Tag} opens for nobody and does not shut properly [any more|since this morning].',
        'The door at {place} [keeps opening by itself|stands open all day].',
      ],
      found: [
        'A: The radar sensor answered to [the branches outside|the flags in front of the door|every passing car].',
        'C: The safety beam was interrupted by [a mat that had crept into the track|a sticker on the lens].',
        '!The drive and the belt were in order.',
        'B: The leaf stopped {4-12} cm before the end because of [stones|salt and grit] in the floor guide.',
      ],
      cause: [
        'The sensor field had been turned too far out and saw the pavement.',
        'Grit had jammed the floor guide.',
        'Something small had covered the safety beam, and the control kept the door open.',
      ],
      work: [
        'A: Aligned the radar and narrowed its field to the width of the door.',
        'B: Cleaned the carriage rail and replaced the floor guide and the rollers.',
        'C: Removed the sticker and checked the safety beam at {20-50} and 100 cm height.',
        '!Set the holding time to {2-5} seconds and the opening width for winter.',
      ],
      readings: [{ quantity: 'closing force', unit: 'N', before: '155-190', after: '95-130' }],
      parts: ['B: floor guide', 'B: carriage rollers, pair'],
      advice: [
        'C: The mat should be fixed or shortened by {10-20} cm.',
        'The selector is best kept under lock and key; we can fit a key switch.',
        'The winter setting saves heat: the door then opens only half its width.',
      ],
    },
    {
      title: 'Cracked glass leaf',
      category: 'damage',
      priority: 'urgent',
      only: ['sliding door', 'revolving door', 'swing door'],
      reported: [
        'A [pallet truck|delivery trolley|bicycle] hit the door at {place} and the glass is cracked.',
        'The glass of {tag} is broken, [pieces are lying on the floor|it is held by the film only].',
        'Somebody [threw a stone|tried to force the door] during the night; the pane is shattered.',
      ],
      found: [
        '!The pane was cracked from [the lower corner|edge to edge] but still held by its film.',
        '!The lower rail of the leaf was bent by {8-25} mm.',
        'The drive was undamaged and ran freely with the leaf unhooked.',
      ],
      cause: [
        'The leaf had been hit at about {20-60} cm above the floor.',
        'The damage came from outside and not from the drive.',
      ],
      work: [
        '!Made the opening safe, swept up the glass and closed the door with [a wooden panel|plywood].',
        'Measured the pane: {880-1240} by {2050-2380} mm, laminated safety glass.',
        '!Straightened the rail and glazed the leaf with a pane from our stock.',
        'Set up the drive again and measured the closing force.',
      ],
      readings: [{ quantity: 'closing force', unit: 'N', before: '140-170', after: '90-125' }],
      parts: ['!laminated safety glass to measure', '!glazing gasket, 7 m'],
      advice: [
        'Photographs for the insurance are attached.',
        'A stainless kick plate or two posts would protect the leaf from trolleys.',
        'A strip on the glass at eye level would help people to see the door.',
      ],
    },
    {
      title: 'Fire door hold-open fails to release',
      category: 'safety',
      priority: 'high',
      only: ['fire door'],
      reported: [
        'At the fire drill the door at {place} did not close.',
        'The fire door {tag} stays on its magnet when the button is pressed.',
        'The door to the stairs is [wedged open|held by a wedge] because it does not stay open by itself.',
      ],
      found: [
        'A: The holding magnet kept the door although its supply was off: the armature plate was [magnetised|stuck with paint].',
        'B: The smoke detector of the door was {9-14} years old and heavily soiled.',
        '!The closer no longer latched the leaf in the last {5-15} degrees.',
        'A wedge lay on the floor; it was handed to the [caretaker|site manager].',
      ],
      cause: [
        'Paint on the armature plate had glued it to the magnet.',
        'The detector was so dirty that the control had switched it to fault.',
      ],
      work: [
        'A: Cleaned the armature plate and renewed the holding magnet.',
        'B: Replaced the smoke detector and tested it with test gas.',
        '!Adjusted the closer until the door latched from any angle.',
        '!Tested the release by hand, by detector and by power failure.',
      ],
      readings: [{ quantity: 'closing time', unit: 's', before: '21-40', after: '5-9' }],
      parts: ['A: holding magnet 24 V', 'B: smoke detector'],
      advice: [
        'Fire doors must never be wedged; a fine would be the smallest of the consequences.',
        'The release must be tested every month and the test written down.',
        'B: Smoke detectors are to be changed after eight years.',
      ],
    },
    {
      title: 'Revolving door stops with people inside',
      category: 'safety',
      priority: 'high',
      only: ['revolving door'],
      reported: [
        'The revolving door [stops suddenly|jams] and people bump into the glass.',
        'A visitor was shut in the revolving door at {place} for [a minute|some minutes].',
        '{Tag} stops whenever [more than two people|somebody with a suitcase] goes through.',
      ],
      found: [
        'A: The safety strip on one wing gave a signal without being touched.',
        'C: The ceiling sensor stopped the door for every umbrella.',
        '!The fault memory held {6-40} emergency stops in one week.',
        'B: The brushes at the bottom were [worn|pressed flat] and let the wings rub on the floor.',
      ],
      cause: [
        'The cable of the safety strip had broken inside the wing.',
        'The floor mat had swollen and touched the wings.',
        'The ceiling sensor had been set too sensitive.',
      ],
      work: [
        'A: Replaced the safety strip and its cable.',
        'C: Set the ceiling sensor and tested it with a test body at three speeds.',
        'B: Fitted new brushes and dried the mat well.',
        '!Measured the stopping distance at normal and at slow speed.',
      ],
      readings: [{ quantity: 'stopping distance', unit: 'mm', before: '130-210', after: '50-85' }],
      parts: ['A: safety strip, 1.2 m', 'B: brush seal, set'],
      advice: [
        'In windy weather the door should be switched to [slow|winter] operation.',
        'The side door must stay usable as long as the revolving door is open to the public.',
      ],
    },
    {
      title: 'Drive unit has failed',
      category: 'electrical',
      priority: 'normal',
      only: ['sliding door', 'swing door', 'revolving door'],
      reported: [
        'The door at {place} is dead and has to be pushed by hand.',
        'There was a burnt smell at {tag} and now it does not open.',
        'Wheelchair users cannot get in because the button by {tag} does nothing.',
      ],
      found: [
        '!The fuse of the drive had blown and blew again at once.',
        'A: The motor winding measured {0.4-1.2} ohms instead of about {6-9}.',
        'B: The control board was [scorched near the relay|covered with fine dust].',
        '!The emergency battery was {5-8} years old and gave no voltage.',
      ],
      cause: [
        'The motor had worked against a stiff door for a long time and burnt out.',
        'A leaking battery had corroded the control board.',
      ],
      work: [
        '!Switched off the supply and removed the drive.',
        'A: Fitted a new motor and a new battery.',
        'B: Fitted a new control board and a new battery.',
        'Greased the hinges and eased the leaf until it moved with {25-45} N.',
        '!Taught in the end positions and tested both push buttons.',
      ],
      readings: [
        { quantity: 'A: motor current', unit: 'A', before: '4.6-7.2', after: '1.2-1.9' },
        { quantity: 'B: battery voltage', unit: 'V', before: '2-9', after: '26-27' },
      ],
      parts: ['A: drive motor', 'B: control board', '!battery pack 24 V'],
      advice: [
        'The batteries should be changed every four years.',
        'A: A stiff door is the first sign: please call before the drive has to work for it.',
      ],
    },
  ],
  checks: [
    {
      item: 'safety sensors',
      only: ['sliding door', 'revolving door', 'swing door'],
      good: ['react at all test points', 'in order'],
      remark: ['field too narrow on the left, corrected', 'lens scratched, replacement advised'],
    },
    { item: 'closing force', good: ['{88-130} N'], remark: ['{152-170} N, reduced to {110-130} N'] },
    {
      item: 'release of the hold-open',
      only: ['fire door'],
      good: ['by hand, by detector and by power failure'],
      remark: ['detector soiled, replaced', 'magnet sticks a little, cleaned'],
    },
    {
      item: 'latch',
      only: ['fire door'],
      good: ['catches from any angle'],
      remark: ['does not catch from {5-15} degrees, closer adjusted'],
    },
    {
      item: 'escape function',
      only: ['sliding door', 'revolving door'],
      good: ['opens within {2-3} seconds on power failure'],
      remark: ['battery weak, replaced'],
    },
    {
      item: 'rollers and guides',
      only: ['sliding door'],
      good: ['quiet, no play'],
      remark: ['rollers worn flat, replaced', 'floor guide loose, tightened'],
    },
    { item: 'glass and frames', good: ['undamaged'], remark: ['small chip at the lower edge, recorded'] },
  ],
};
