import type { Equipment } from '../equipment.ts';

export const compressors: Equipment = {
  name: 'compressor',
  plural: 'compressors',
  prefix: 'K',
  types: [
    {
      name: 'screw compressor',
      places: ['the compressor room', 'the process hall', 'the workshop'],
      serves: ['the packing lines', 'the whole works', 'the paint shop'],
    },
    {
      name: 'piston compressor',
      places: ['the workshop', 'the garage', 'the laboratory basement'],
      serves: ['the workshop tools', 'the laboratory', 'the tyre bay'],
    },
  ],
  faults: [
    {
      title: 'Pressure drops at peak demand',
      category: 'leak',
      priority: 'normal',
      reported: [
        'The machines stop because the air pressure falls below {4-5} bar [in the late shift|every morning].',
        '{Tag} runs without ever switching off and the pressure still drops.',
        'One hears hissing all over the hall when the machines are off.',
      ],
      found: [
        '!With all machines off the compressor still loaded for {35-60} per cent of the time.',
        'A: The ultrasonic detector found {9-28} leaks, most of them at [hose couplings|old quick couplings].',
        'B: The drain of the receiver was stuck open.',
        '!The suction filter was clogged.',
      ],
      cause: [
        'Leaks had added up to more than a third of the delivery.',
        'The drain valve blew off air day and night.',
      ],
      work: [
        'A: Marked all leaks with tags and repaired the {8-15} largest.',
        'B: Replaced the automatic drain.',
        '!Changed the suction filter.',
        'Raised the cut-in pressure by {0.2-0.4} bar.',
        '!Measured the delivery with the flow meter.',
      ],
      readings: [
        { quantity: 'leakage', unit: 'per cent of the delivery', before: '32-46', after: '8-13' },
        { quantity: 'line pressure at peak', unit: 'bar', before: '4.2-5.0', after: '6.3-6.9' },
      ],
      parts: ['B: automatic drain', 'A: quick couplings, set', '!suction filter'],
      advice: [
        'A: A leak of three millimetres costs more in a year than its repair in ten.',
        'A: The remaining leaks are in the list; your own fitters can do most of them.',
        'A shut-off valve for each hall would save air at the weekend.',
      ],
    },
    {
      title: 'Oil temperature too high',
      category: 'temperature',
      priority: 'high',
      season: 'summer',
      only: ['screw compressor'],
      reported: [
        '{Tag} switches off with high oil temperature [every afternoon|after about an hour].',
        'It is unbearably hot in {place} and the compressor has stopped twice.',
        'The display shows {108-114} degrees and then the machine shuts down.',
      ],
      found: [
        'B: The oil cooler was covered with [dust|paint mist] on the air side.',
        '!The thermostatic valve opened only {20-40} per cent.',
        'A: The exhaust duct ended in the room, so the warm air was drawn in again.',
        '!The oil level was at the lower mark.',
      ],
      cause: [
        'The compressor breathed its own warm air since the duct had been taken off.',
        'The cooler could not give off its heat through the dirt.',
      ],
      work: [
        'B: Cleaned the cooler with degreaser and compressed air.',
        '!Replaced the insert of the thermostatic valve.',
        'A: Put the exhaust duct back and sealed it.',
        '!Topped up {2-5} litres of oil and changed the oil filter.',
      ],
      readings: [{ quantity: 'oil temperature', unit: '°C', before: '108-114', after: '78-86' }],
      parts: ['!thermostatic insert 71 °C', '!oil filter', '!compressor oil, 5 litres'],
      advice: [
        'A: In summer the flap of the duct must point outwards, in winter it may heat the hall.',
        'B: The cooler is to be blown out every month.',
      ],
    },
    {
      title: 'Water in the air lines',
      category: 'blockage',
      priority: 'normal',
      reported: [
        'Water [spits|runs] from the air hoses in {serves}.',
        'The painters have water spots on the parts and blame the compressed air.',
        'The pneumatic cylinders stick, and there is brown water in the filters.',
      ],
      found: [
        'A: The dryer was running but its dew point was {14-21} °C.',
        'A: The refrigerant circuit of the dryer was empty.',
        'B: The condensate separator was full of emulsion and its line blocked.',
        '!About {12-40} litres of water came out of the receiver.',
      ],
      cause: [
        'The dryer had lost its refrigerant and let the moisture through.',
        'The condensate line was blocked, so the water went on into the net.',
      ],
      work: [
        '!Drained the receiver and the low points of the net.',
        'A: Found the leak of the dryer, repaired it and charged it again.',
        'B: Cleaned the separator and replaced its active carbon.',
        'Blew out the branch lines one after another.',
      ],
      readings: [
        { quantity: 'A: pressure dew point', unit: '°C', before: '14-21', after: '2-4' },
        { quantity: 'B: water in the filter glass', unit: 'ml', before: '30-90', after: '0-1' },
      ],
      parts: ['B: active carbon cartridge', 'B: float drain'],
      advice: [
        'A: The dew point can be read on the dryer; above {6-8} °C please call us.',
        'Condensate contains oil and must not go into the drain.',
      ],
    },
    {
      title: 'Safety valve blows',
      category: 'safety',
      priority: 'urgent',
      reported: [
        'The safety valve of {tag} blows off with a terrible noise.',
        'The compressor in {place} does not stop and the valve on the receiver opens.',
        'The gauge of {tag} stands at {10-12} bar, the red mark is at ten.',
      ],
      found: [
        'A: The pressure switch no longer opened: its contacts had welded together.',
        '!The safety valve opened at {10.8-11.2} bar and closed again, as it should.',
        'B: The unloading valve leaked and the pipe to the switch was blocked with oil carbon.',
      ],
      cause: [
        'The pressure switch had reached the end of its life.',
        'Oil carbon had blocked the control line, and the switch saw no pressure.',
      ],
      work: [
        '!Stopped the compressor at the main switch and let the pressure off.',
        '!Replaced the pressure switch and cleaned the control line.',
        '!Replaced the safety valve as a precaution; the new one carries a certificate.',
        '!Set cut-out and cut-in and watched {6-12} cycles.',
      ],
      readings: [{ quantity: 'cut-out pressure', unit: 'bar', before: '10.8-11.6', after: '9.4-9.6' }],
      parts: ['!pressure switch', '!safety valve 11 bar'],
      advice: [
        'If the valve blows again: press the emergency stop and leave the room.',
        'The receiver is due for its inspection in {month}; we can be present.',
      ],
    },
    {
      title: 'Knocking from the piston',
      category: 'noise and vibration',
      priority: 'normal',
      only: ['piston compressor'],
      reported: [
        '{Asset} has begun to knock, [louder when it is warm|first now and then, now all the time].',
        'The compressor in {place} jumps on its feet and bangs.',
        'There is a metallic knock at every turn of {tag}.',
      ],
      found: [
        'A: The small end bearing had {0.2-0.5} mm of play.',
        'B: A valve plate had broken and left marks on the piston.',
        '!The foundation and the feet were sound.',
        'A: The oil was black and {1-2} litres low.',
      ],
      cause: [
        'The compressor had run with too little oil.',
        'The broken valve plate had damaged the piston.',
      ],
      work: [
        '!Took off the cylinder head and the cylinder.',
        '!Replaced the piston, the rings and the small end bearing.',
        '!Fitted new valve plates and gaskets.',
        '!Changed the oil, tightened the feet and ran the compressor in for an hour.',
      ],
      readings: [
        { quantity: 'filling time of the receiver', unit: 's', before: '310-460', after: '165-210' },
      ],
      parts: ['!piston with rings', '!valve plate set', '!head gasket'],
      advice: [
        'A: The oil glass must be looked at every week.',
        'After {4-6} thousand hours the valves should be changed as a matter of course.',
      ],
    },
  ],
  checks: [
    {
      item: 'oil and oil filter',
      good: ['level correct, filter changed'],
      remark: ['oil dark, changed before its time'],
    },
    { item: 'cooler', good: ['clean'], remark: ['dusty, blown out'] },
    { item: 'safety valve', good: ['lifted, closes tight'], remark: ['certificate expired, valve changed'] },
    { item: 'drain of the receiver', good: ['works every {10-20} minutes'], remark: ['sticky, cleaned'] },
    { item: 'dew point', good: ['{2-4} °C'], remark: ['{7-10} °C, dryer to be examined'] },
  ],
};
