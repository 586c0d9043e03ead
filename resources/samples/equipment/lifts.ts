import type { Equipment } from '../equipment.ts';

export const lifts: Equipment = {
  name: 'lift',
  plural: 'lifts',
  prefix: 'L',
  types: [
    {
      name: 'passenger lift',
      places: ['the main stairwell', 'the entrance hall', 'the east core'],
      serves: ['all floors', 'the offices on floors one to six', 'the flats and the cellar'],
    },
    {
      name: 'goods lift',
      places: ['the loading bay', 'the warehouse', 'the kitchen corridor'],
      serves: [
        'the stores on three levels',
        'the kitchen and the dining rooms',
        'the archive in the basement',
      ],
    },
    {
      name: 'platform lift',
      places: ['the side entrance', 'the foyer'],
      serves: ['the half landing', 'the lecture hall', 'the step-free route to the reading room'],
    },
  ],
  faults: [
    {
      title: 'Passenger trapped between floors',
      category: 'safety',
      priority: 'urgent',
      only: ['passenger lift', 'platform lift'],
      reported: [
        'Somebody is [stuck|trapped] in the lift between the {floor} and the next floor; they are calm.',
        '{Tag} has stopped between floors with {1-3} people inside.',
        'The emergency call from the lift in {place} rang through: one person inside, [not hurt|well].',
      ],
      found: [
        '!The car stood about {40-120} cm above the {floor} floor; the controller reported a lost door contact.',
        'A: The door lock contact on the {floor} floor opened whenever the landing door was pushed.',
        'B: A [coat hanger|pebble|screw] lay in the door sill and kept the leaf from closing fully.',
        'The speed governor and the safety gear were in order and had not acted.',
      ],
      cause: [
        'The lock contact opened while the car was moving, and the safety chain stopped it as it should.',
        'An object in the sill had bent the door leaf, so that the lock only just made contact.',
      ],
      work: [
        '!Released the passenger after {8-35} minutes by moving the car to the floor with the rescue drive.',
        'B: Removed the object, straightened the leaf and renewed the sill guide shoes.',
        'A: Replaced the lock contact and adjusted the overlap to {8-10} mm.',
        '!Made {20-40} test runs to all floors with and without load.',
        'Tested the emergency call from the car: the answer came after {12-28} seconds.',
      ],
      readings: [{ quantity: 'overlap of the lock', unit: 'mm', before: '3-5', after: '8-10' }],
      parts: ['A: door lock contact', 'B: sill guide shoes'],
      advice: [
        'B: Please sweep the door sills daily; most stops of this kind begin with grit in the track.',
        'Staff should talk to trapped passengers until we arrive, and must not open the doors themselves.',
        'The emergency call should be tested every [week|three days] and the test recorded.',
      ],
    },
    {
      title: 'Doors reopen again and again',
      category: 'controls',
      priority: 'normal',
      reported: [
        'The doors of {tag} [close halfway and open again|open and close without end] on the {floor} floor.',
        'The lift does not leave the {floor} floor because the doors never stay shut.',
        'People have to [push the doors together|wait several minutes] before the lift moves.',
      ],
      found: [
        'A: The light curtain was [covered with dust|misaligned] and saw an obstacle that was not there.',
        'B: The door operator [laboured|slowed down] in the last {10-25} cm of the way.',
        'B: The belt of the door drive had [stretched|lost two teeth].',
        '!The fault memory held {12-80} entries for the door in one week.',
      ],
      cause: [
        'Dirt on the light curtain had the same effect as a person in the doorway.',
        'A slack belt made the drive overshoot, and the controller took that for an obstruction.',
      ],
      work: [
        'A: Cleaned and aligned the light curtain.',
        'B: Replaced the belt of the door drive and set its tension.',
        '!Cleaned the tracks, renewed the guide shoes and adjusted the closing force to {112-138} N.',
        'Taught the door drive its way again and cleared the fault memory.',
      ],
      readings: [
        { quantity: 'closing force', unit: 'N', before: '165-190', after: '112-138' },
        { quantity: 'door closing time', unit: 's', before: '6.5-11.0', after: '2.8-3.4' },
      ],
      parts: ['B: toothed belt for the door drive', '!guide shoes, set of four'],
      advice: [
        'A: The light curtain can be wiped with a dry cloth by the cleaners.',
        'Delivery staff should not hold the doors with [trolleys|boxes]; there is a key switch for that.',
        'If the doors reopen more than three times, the lift needs a visit, even when it goes on afterwards.',
      ],
    },
    {
      title: 'Car does not stop level with the floor',
      category: 'safety',
      priority: 'high',
      reported: [
        'The lift stops {3-7} cm too [high|low] on the {floor} floor and people trip over the step.',
        'A wheelchair [got stuck|could not get out] because the car of {tag} was not level.',
        'There is a step at the lift door, [mostly in the morning|when the car is full].',
      ],
      found: [
        '!The car stopped {25-60} mm [above|below] the landing, more with a heavy load.',
        'A: The brake linings had worn to {2.0-2.8} mm.',
        'B: The magnetic switch on the {floor} floor had slipped on its rail.',
        'C: The oil temperature in the tank was only {9-14} °C, and the valve reacted slowly.',
      ],
      cause: [
        'Worn brake linings let the car slide a little past the floor.',
        'The switch that marks the floor had moved, so the car stopped early.',
        'The cold oil had thickened, and the valve closed too late.',
      ],
      work: [
        '!Took the lift out of service and put up barriers on all floors.',
        'A: Fitted new brake linings and set the gap to {0.3-0.5} mm.',
        'B: Replaced the floor switch and secured it with a second clamp.',
        'C: Fitted a heater to the oil tank and set it to {22-26} °C.',
        '!Checked the stop on every floor with an empty car, half load and full load.',
      ],
      readings: [{ quantity: 'stopping accuracy', unit: 'mm', before: '28-60', after: '2-6' }],
      parts: ['A: brake linings, pair', 'B: magnetic switch', 'C: oil tank heater'],
      advice: [
        'Until the step is below ten millimetres the lift must not be used by the public.',
        'A: The brake should be measured twice a year from now on.',
        'C: The oil heater must stay switched on all winter.',
      ],
    },
    {
      title: 'Worn suspension ropes',
      category: 'mechanical',
      priority: 'high',
      only: ['passenger lift', 'goods lift'],
      reported: [
        'The lift [jerks|shudders] when it starts, and there is [rust-coloured dust|fine metal dust] in the motor room.',
        'The inspector noted broken wires on the ropes of {tag}.',
        '{Asset} gives a jolt when it stops on the {floor} floor.',
      ],
      found: [
        '!As many as {9-16} broken wires were counted on one lay of rope number {1-5}.',
        'B: The diameter of the ropes had shrunk from 10 to {9.1-9.4} mm.',
        'The grooves of the traction sheave were worn [unevenly|to the limit].',
        'A: The ropes carried different tensions: the slackest only {55-75} per cent of the tightest.',
      ],
      cause: [
        'The ropes had not been equalised for years, so that a few of them carried most of the load.',
        'The ropes are {11-17} years old and have reached the end of their life.',
      ],
      work: [
        '!Secured the car and the counterweight and took the load off the ropes.',
        '!Fitted {4-6} new ropes with new terminations.',
        'Had the sheave grooves turned on site.',
        '!Equalised the rope tensions to within {3-5} per cent and made the load test at 125 per cent.',
      ],
      readings: [{ quantity: 'difference of rope tension', unit: 'per cent', before: '25-45', after: '2-5' }],
      parts: ['!suspension rope 10 mm, per metre', '!rope terminations'],
      advice: [
        'New ropes stretch: we shall equalise them again after [four|six] weeks.',
        'The rope certificate belongs in the lift book; a copy is attached to this report.',
        'The ropes should be inspected every six months.',
      ],
    },
    {
      title: 'Control panel dead after a power cut',
      category: 'electrical',
      priority: 'high',
      reported: [
        'Since the power cut [last night|this morning] {tag} is dead: no light, no display.',
        'The lift did not come back after the [mains failure|thunderstorm].',
        'The buttons on the {floor} floor do not light up and nothing moves.',
      ],
      found: [
        'B: The main fuse of the controller had blown in one phase.',
        'B: The phase monitor reported a missing phase.',
        'A: The power supply of the controller gave {14-19} volts instead of 24.',
        '!The battery of the emergency light in the car was flat.',
      ],
      cause: [
        'A surge at the return of the mains had damaged the power supply of the controller.',
        'A fuse had been weakened by the switching peak and failed at the next start.',
      ],
      work: [
        'A: Replaced the 24-volt supply of the controller.',
        'B: Replaced the fuse set of the main switch.',
        'B: Checked the phase sequence at the main switch.',
        'A: Loaded the parameters from the stored copy and ran a learning trip.',
        '!Replaced the battery of the emergency light and tested it for an hour.',
      ],
      readings: [
        { quantity: 'A: control voltage', unit: 'V', before: '14-19', after: '24-25' },
        { quantity: 'B: voltage of the lost phase', unit: 'V', before: '0-3', after: '228-234' },
      ],
      parts: ['A: power supply 24 V', 'B: fuse set', '!battery for emergency light'],
      advice: [
        'A: A surge arrester in the distribution board would protect the controller.',
        'A: The parameters are now stored on a card in the controller and at our office.',
        'The emergency light must burn for at least an hour; please test it every quarter.',
      ],
    },
    {
      title: 'Scraping noise in the shaft',
      category: 'noise and vibration',
      priority: 'low',
      reported: [
        'The lift [scrapes|squeals] between the {floor} floor and the top.',
        'Tenants next to {place} hear a [grinding|rubbing] noise each time the lift passes.',
        'There is a squeak in the lift that was not there [before the holidays|last month].',
      ],
      found: [
        'A: The guide shoes of the car were worn through to the [steel|backing plate] on one side.',
        'A: The rails were dry and the oilers were empty.',
        'B: The noise came each time at the same height.',
        'B: A rail joint near the {floor} floor stood out by about {0.4-1.1} mm.',
      ],
      cause: [
        'The oilers had run dry, and the shoes had worn quickly afterwards.',
        'The building had settled a little and pushed the rail joint out of line.',
      ],
      work: [
        '!Fitted new guide shoes to the car and the counterweight.',
        '!Filled and adjusted the oilers.',
        'B: Dressed the rail joint and tightened the brackets above and below.',
        '!Rode on the car roof over the whole height: no more contact.',
      ],
      readings: [{ quantity: 'noise in the car', unit: 'dB(A)', before: '62-71', after: '48-53' }],
      parts: ['!guide shoes, set', '!rail oil, 1 litre'],
      advice: [
        'The oilers hold enough for about {3-5} months and are refilled at each service.',
        'B: If cracks appear in the plaster of the shaft, please tell us before the next service.',
      ],
    },
  ],
  checks: [
    {
      item: 'door locks and contacts',
      good: ['in order on all floors', 'tested on every floor'],
      remark: [
        'contact on the {floor} floor worn, replaced',
        'overlap on the {floor} floor only {4-6} mm, adjusted',
      ],
    },
    {
      item: 'brake',
      good: ['linings {4.1-5.0} mm', 'holds 125 per cent'],
      remark: ['linings {2.4-3.0} mm, replacement advised'],
    },
    {
      item: 'suspension ropes',
      only: ['passenger lift', 'goods lift'],
      good: ['no broken wires', 'evenly tensioned'],
      remark: ['{2-5} broken wires on rope {1-4}, to be watched'],
    },
    {
      item: 'emergency call',
      good: ['answered after {9-25} seconds', 'works'],
      remark: ['quality of speech poor, loudspeaker replaced'],
    },
    {
      item: 'pit and car roof',
      good: ['clean and dry', 'clean'],
      remark: ['oil on the pit floor, cleaned, source to be found', 'rubbish in the pit, removed'],
    },
    {
      item: 'stopping accuracy',
      good: ['within {2-5} mm on all floors'],
      remark: ['{9-14} mm at the {floor} floor, adjusted'],
    },
  ],
};
