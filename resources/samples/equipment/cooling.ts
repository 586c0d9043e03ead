import type { Equipment } from '../equipment.ts';

export const cooling: Equipment = {
  name: 'chiller',
  plural: 'chillers',
  prefix: 'C',
  busy: 'summer',
  types: [
    {
      name: 'chiller',
      places: ['the plant yard', 'the yard behind the kitchen', 'the roof plant room'],
      serves: [
        'the server room',
        'the cooling ceilings of the upper floors',
        'the lecture halls',
        'the operating rooms',
        'the shops',
        'the clean rooms',
        'the magazine of the museum',
        'the moulding machines',
      ],
    },
    {
      name: 'cold room',
      places: ['the kitchen', 'the loading bay', 'the cellar'],
      serves: ['the meat and dairy stores', 'the fruit and vegetables', 'the laboratory samples'],
    },
    {
      name: 'split air conditioner',
      places: ['the server room', 'the switch room', 'the ticket office'],
      serves: ['the server room', 'the switch room', 'the ticket office'],
    },
  ],
  faults: [
    {
      title: 'Refrigerant leak',
      category: 'leak',
      priority: 'high',
      reported: [
        '{Asset} no longer cools properly; it is far too warm in there.',
        'There is [oil|an oily film] under {tag} and the temperature climbs.',
        'The gas warning device in {place} has [sounded|given the first alarm].',
      ],
      found: [
        '!The leak detector answered at the liquid line.',
        'B: The flare joint was cracked all round.',
        '!About {30-60} per cent of the charge of {4-38} kilograms was missing.',
        'The sight glass was full of bubbles and the suction pressure {0.8-1.6} bar too low.',
        'A: The pipe had rubbed against [a bracket|the frame] and worn thin.',
      ],
      cause: [
        'Vibration had chafed the pipe at a bracket without a rubber lining.',
        'The flare joint had been tightened too hard at the installation and had cracked.',
      ],
      work: [
        '!Recovered the remaining refrigerant and weighed it.',
        'A: Cut out the damaged piece and brazed in a new one under nitrogen.',
        'B: Cut off the flare and made a brazed joint in its place.',
        '!Fitted a new filter drier and tested the circuit with nitrogen at {28-36} bar for [two|twelve] hours.',
        '!Evacuated to below {1.5-2.5} mbar, charged by weight and noted it in the log of the system.',
        'A: Lined the brackets with rubber.',
      ],
      readings: [
        { quantity: 'suction pressure', unit: 'bar', before: '1.2-2.1', after: '3.6-4.4' },
        { quantity: 'outlet temperature', unit: '°C', before: '13-18', after: '6-8' },
      ],
      parts: ['A: copper pipe 22 mm', '!refrigerant, per kilogram', '!filter drier'],
      advice: [
        'The law asks for a second leak test within [one month|four weeks].',
        'The refrigerant of this system will become scarce; a replacement should be planned within {3-6} years.',
        'An oily spot on a pipe is nearly always a leak: please call at once.',
      ],
    },
    {
      title: 'Condenser dirty, high-pressure cut-out',
      category: 'temperature',
      priority: 'high',
      season: 'summer',
      reported: [
        'On hot afternoons {tag} switches itself off and the alarm says high pressure.',
        'It is getting too warm, and the cooling stops every {10-30} minutes.',
        'The fans of {tag} roar but it does not get cool.',
      ],
      found: [
        'A: The condenser was matted with [poplar fluff|dust and pollen].',
        'B: One of the condenser fans did not turn.',
        '!The cut-out had opened at {24-29} bar; outside it was {31-36} °C in the shade.',
        'A: Boxes had been stacked {20-40} cm in front of the air intake.',
      ],
      cause: [
        'The heat could not leave the condenser, so the pressure rose until the cut-out opened.',
        'A seized fan motor took away half of the air.',
      ],
      work: [
        '!Washed the condenser with low pressure from the inside outwards.',
        'B: Replaced the fan motor and its capacitor.',
        'A: Cleared the space in front of the intake and marked it on the ground.',
        '!Reset the cut-out by hand and watched the pressures for an hour.',
      ],
      readings: [{ quantity: 'condensing pressure', unit: 'bar', before: '23-29', after: '14-17' }],
      parts: ['B: condenser fan motor', 'B: capacitor 6 µF'],
      advice: [
        'A: The condenser should be washed in May and in July, when the poplars are in bloom.',
        'Please keep a metre of free space all round.',
        'In a heat wave a sprinkler on the condenser must not be used: it leaves scale.',
      ],
    },
    {
      title: 'Condensate drain blocked',
      category: 'blockage',
      priority: 'normal',
      season: 'summer',
      only: ['split air conditioner', 'cold room'],
      reported: [
        'Water drips from the air conditioner onto the [desk|cabinets] in {place}.',
        'There is a puddle below the indoor unit of {tag}.',
        'The ceiling tile next to {tag} is wet and has come down.',
      ],
      found: [
        'A: The drain was closed by [slime|algae] over about {20-60} cm.',
        'B: The condensate pump hummed but did not deliver.',
        'The tray had overflowed onto the cable duct, where no damage was found.',
      ],
      cause: [
        'Slime grows in the tray in warm weather and slides into the drain.',
        'The float of the condensate pump had stuck.',
      ],
      work: [
        'A: Sucked out the drain and flushed it with hot water.',
        '!Cleaned and disinfected the tray.',
        'B: Replaced the condensate pump and tested its alarm contact.',
        '!Poured {2-5} litres of water into the tray: it ran away at once.',
      ],
      readings: [{ quantity: 'time to drain two litres', unit: 's', before: '240-600', after: '18-35' }],
      parts: ['B: condensate pump', 'A: drain tablets'],
      advice: [
        'A: A tablet in the tray keeps slime away for about three months.',
        'B: The alarm contact now switches the cooling off before the tray overflows.',
        'The ceiling tile can be replaced once the insulation has dried.',
      ],
    },
    {
      title: 'Evaporator iced up',
      category: 'temperature',
      priority: 'urgent',
      only: ['cold room'],
      reported: [
        'The cold room in {place} is at {9-14} degrees and the food has to be moved.',
        '{Tag} is a block of ice and no air comes out of it.',
        'The temperature alarm of the cold room sounds; it was {3-5} degrees last night.',
      ],
      found: [
        '!The evaporator was covered with ice over its whole face.',
        'A: The defrost heater drew no current.',
        'B: The door gasket was torn over {30-80} cm, and moist air came in.',
        'B: The door had stood ajar because of [a crate|an uneven floor].',
      ],
      cause: [
        'The defrost heater had failed, so the ice grew from day to day.',
        'Moist kitchen air came in through the torn gasket and froze on the evaporator.',
      ],
      work: [
        '!Thawed the evaporator with warm air and led the water away.',
        'A: Replaced the defrost heater and the end thermostat.',
        'B: Fitted a new door gasket and adjusted the hinges.',
        '!Pulled the room down to {2-4} °C and checked the recorder.',
      ],
      readings: [{ quantity: 'room temperature', unit: '°C', before: '9-14', after: '2-4' }],
      parts: ['A: defrost heater 1200 W', 'B: door gasket', 'A: end-of-defrost thermostat'],
      advice: [
        'Goods that were above seven degrees for more than four hours must not be used; the decision is the kitchen’s.',
        'B: A door closer would help, since the door is often left open.',
        'The recorder shows the first rise on {weekday}: an alarm by text message would have come in time.',
      ],
    },
    {
      title: 'Compressor will not start',
      category: 'electrical',
      priority: 'high',
      only: ['chiller', 'cold room'],
      reported: [
        'The compressor of {tag} [clicks|buzzes] and then nothing happens.',
        'The chiller in {place} stands still with a motor fault.',
        'The breaker of {tag} trips at once when we switch it on.',
      ],
      found: [
        'B: The soft starter reported [a shorted thyristor|a missing phase].',
        '!The winding resistance was equal in all phases, so the motor itself is sound.',
        'A: The crankcase heater was cold: its fuse had blown.',
      ],
      cause: [
        'Liquid refrigerant had collected in the cold crankcase and the compressor started against it.',
        'The soft starter was {9-15} years old and had failed.',
      ],
      work: [
        'B: Replaced the soft starter and set the ramp to {1-3} seconds.',
        'A: Renewed the fuse and the crankcase heater and left it on overnight.',
        '!Started the compressor {4-6} times at the allowed interval.',
      ],
      readings: [
        { quantity: 'B: starting current', unit: 'A', before: '180-240', after: '75-105' },
        { quantity: 'A: temperature of the crankcase', unit: '°C', before: '8-14', after: '38-46' },
      ],
      parts: ['B: soft starter 45 A', 'A: crankcase heater'],
      advice: [
        'A: The supply must stay on in winter, otherwise the crankcase heater is dead.',
        'No more than six starts an hour: the controller now counts them.',
        'We recommend an oil analysis at the next service.',
      ],
    },
  ],
  checks: [
    { item: 'leak test', good: ['no leak found'], remark: ['traces at the service cap, cap replaced'] },
    {
      item: 'condenser',
      good: ['clean', 'washed'],
      remark: ['fins bent on one side, combed', 'heavily soiled, washed'],
    },
    {
      item: 'pressures',
      good: ['suction {3.6-4.4} bar, condensing {13-17} bar'],
      remark: ['condensing {19-22} bar, fan speed corrected'],
    },
    { item: 'drain and tray', good: ['free and clean'], remark: ['slimy, cleaned'] },
    {
      item: 'door gasket',
      only: ['cold room'],
      good: ['closes all round'],
      remark: ['torn at the corner, replaced'],
    },
    {
      item: 'oil',
      only: ['chiller', 'cold room'],
      good: ['level in the middle of the glass, clear'],
      remark: ['dark, sample taken'],
    },
    {
      item: 'alarms',
      good: ['reach the control room'],
      remark: ['number of the on-call phone was out of date, corrected'],
    },
  ],
};
