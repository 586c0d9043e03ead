import type { Equipment } from '../equipment.ts';

export const boilers: Equipment = {
  name: 'boiler',
  plural: 'boilers',
  prefix: 'B',
  busy: 'winter',
  types: [
    {
      name: 'gas boiler',
      places: ['the boiler house', 'the basement plant room', 'the roof plant room'],
      serves: [
        'the heating and hot water of the whole house',
        'the radiators of the main building',
        'the workshop and the changing rooms',
      ],
    },
    {
      name: 'oil boiler',
      places: ['the boiler house', 'the cellar'],
      serves: ['the heating of the old wing', 'the annexe and the stores'],
    },
    {
      name: 'steam boiler',
      places: ['the boiler house', 'the process hall'],
      serves: ['the laundry', 'the sterilisers', 'the dye baths'],
    },
  ],
  faults: [
    {
      title: 'Burner locks out',
      category: 'controls',
      priority: 'high',
      season: 'winter',
      reported: [
        'The boiler shows [a fault|lockout] again and the [building|house] is getting cold.',
        '{Tag} starts, runs for [half a minute|a few seconds] and goes out.',
        'We have pressed the reset button [twice|three times] and the burner still locks out.',
        'No heating since [six this morning|the night shift]; the display in {place} blinks red.',
      ],
      found: [
        '!The burner tried to light three times and locked out with flame failure.',
        'A: The ionisation current was only {0.6-1.4} microamps.',
        'A: The electrode was [cracked|coated with white deposits] and the gap {5-7} mm instead of 4.',
        'B: The gas pressure at the inlet fell to {12-15} mbar when the burner started.',
      ],
      cause: [
        'The flame was there, but the worn electrode could no longer sense it.',
        'The gas filter was blocked, so that the pressure collapsed at full load.',
      ],
      work: [
        'A: Replaced the ignition and ionisation electrodes and set the gap.',
        'Cleaned the burner head and the flame tube.',
        'B: Changed the gas filter and tested the joints for leaks.',
        'Set the mixture with the analyser at low and at full load.',
        '!Started the burner ten times without a lockout.',
      ],
      readings: [
        { quantity: 'A: ionisation current', unit: 'µA', before: '0.6-1.4', after: '4.2-6.8' },
        { quantity: 'carbon monoxide in the flue gas', unit: 'ppm', before: '95-240', after: '9-28' },
      ],
      parts: ['A: ionisation electrode', 'A: ignition electrode', 'B: gas filter insert'],
      advice: [
        'Please do not reset the burner more than twice: unburnt gas can collect in the chamber.',
        'A: The electrodes should be changed every two years, before the heating season.',
        'The burner is set for the present gas; it needs checking if the supplier changes it.',
      ],
    },
    {
      title: 'Low water pressure',
      category: 'leak',
      priority: 'normal',
      season: 'winter',
      only: ['gas boiler', 'oil boiler'],
      reported: [
        'The pressure gauge of {tag} is [in the red|below one bar] again, although we topped it up [on Monday|last week].',
        'The boiler switches off for lack of water.',
        'The upper floors are cold and the gauge in {place} shows {0.3-0.8} bar.',
      ],
      found: [
        'B: The system lost about {0.2-0.5} bar in an hour with the filling valve shut.',
        'A: The expansion vessel gave water at the air valve: its membrane had failed.',
        'A: The safety valve [dripped|had left a stain on the floor].',
        'B: A radiator valve on the {floor} floor was weeping behind its cover.',
      ],
      cause: [
        'Without a working expansion vessel the pressure rose on heating, the safety valve opened, and the water was missing when it cooled.',
        'A small leak had been hidden by topping up for months.',
      ],
      work: [
        'A: Replaced the expansion vessel with one of {80-200} litres and charged it to {1.0-1.5} bar.',
        'A: Renewed the safety valve and led its outlet to the drain where it can be seen.',
        'B: Repacked the radiator valve.',
        '!Filled the system with softened water to {1.7-2.1} bar and bled it.',
      ],
      readings: [{ quantity: 'system pressure, cold', unit: 'bar', before: '0.3-0.8', after: '1.7-2.1' }],
      parts: ['A: expansion vessel', 'A: safety valve 3 bar'],
      advice: [
        'B: More than one filling a month means a leak; please write down each date.',
        'A: The charge of the vessel is checked at every yearly service from now on.',
        'Hard water should not be used for filling: the hose stays with the softener.',
      ],
    },
    {
      title: 'Sooted heating surfaces',
      category: 'temperature',
      priority: 'normal',
      only: ['oil boiler'],
      reported: [
        'The boiler uses [much more fuel|a lot more oil] than last winter.',
        'There is a [smell of exhaust|sooty smell] in {place} and the flue pipe is very hot.',
        'The water does not get warmer than {48-56} degrees, however long the burner runs.',
      ],
      found: [
        '!The flue gas left the boiler at {228-285} °C.',
        '!A layer of soot of {2-4} mm covered the heating surfaces.',
        'B: The nozzle was [worn|partly blocked] and sprayed to one side.',
        'A: The louvre of the room was shut, and the flame burned yellow.',
      ],
      cause: [
        'Too little air had reached the burner because the louvre of the room was [closed|covered with leaves].',
        'A worn nozzle had given an oily flame for weeks.',
      ],
      work: [
        '!Let the boiler cool down, brushed all heating surfaces and renewed the seal of the door.',
        'Removed {2-6} kilograms of soot with the industrial vacuum cleaner.',
        'B: Replaced the nozzle and set the air flap.',
        'A: Cleared the louvre and fixed a grille in front of it.',
        '!Measured the flue gas at both stages.',
      ],
      readings: [
        { quantity: 'flue gas temperature', unit: '°C', before: '228-285', after: '148-172' },
        { quantity: 'efficiency', unit: 'per cent', before: '81-85', after: '91-94' },
      ],
      parts: ['B: burner nozzle', '!door seal cord, 4 m'],
      advice: [
        'Every millimetre of soot costs about five per cent of fuel.',
        'A: The louvre is there for the burner; please keep the leaves away from it in autumn.',
        'We recommend a chimney sweep visit before {month}.',
      ],
    },
    {
      title: 'Circulating water too hot',
      category: 'safety',
      priority: 'urgent',
      reported: [
        'The boiler is [boiling|banging] and steam comes from the safety valve.',
        'The thermometer of {tag} stands above {98-106} degrees.',
        'There is loud banging in the pipes near {place} and the hot taps spit.',
      ],
      found: [
        '!The safety temperature limiter had tripped at {105-110} °C, as it should.',
        'A: The burner went on firing although the water was already at {88-94} °C.',
        'B: The pump in the boiler circuit was not turning.',
        'A: The sensor was not fully in its pocket.',
      ],
      cause: [
        'The sensor had slipped out of its pocket and reported a temperature that was {20-35} degrees too low.',
        'The boiler pump had seized while it stood still, and the heat could not get away.',
      ],
      work: [
        '!Shut off the fuel, let the boiler cool and checked it for damage: none found.',
        'A: Replaced the sensor and clamped it in its pocket with paste.',
        'B: Freed the pump and replaced its capacitor.',
        '!Tested the limiter with the calibrator and sealed the adjustment.',
      ],
      readings: [{ quantity: 'flow temperature', unit: '°C', before: '98-106', after: '70-76' }],
      parts: ['A: temperature sensor', 'B: motor capacitor 8 µF'],
      advice: [
        'After a trip of the limiter the boiler must not be restarted by the staff.',
        'B: Pumps should be run for a few minutes every week in summer; the controller can do that.',
        'We shall check the limiter again in four weeks.',
      ],
    },
    {
      title: 'Scale in the feed water line',
      category: 'blockage',
      priority: 'high',
      only: ['steam boiler'],
      reported: [
        'The steam boiler trips on low water [every few hours|twice a shift].',
        'There is not enough steam for {serves}, and the feed pump runs without a break.',
        'The water level in the glass of {tag} [swings|drops] when steam is drawn.',
      ],
      found: [
        '!The feed line was narrowed by scale to about {8-14} mm of its 25.',
        'A: The softener had used up its salt and let hard water through.',
        'B: The conductivity of the boiler water was {6200-8400} microsiemens.',
        'The water level electrode was covered with [sludge|scale].',
      ],
      cause: [
        'Hard water had reached the boiler since the softener ran out of salt.',
        'The blow-down had been shut by hand and forgotten.',
      ],
      work: [
        '!Descaled the feed line with inhibited acid, flushed it until neutral and renewed the electrode.',
        'A: Filled the softener with {50-125} kilograms of salt and started a regeneration.',
        'B: Set the automatic blow-down to {3500-4500} microsiemens.',
        '!Tested low-water cut-out and alarm by lowering the level twice.',
      ],
      readings: [
        { quantity: 'A: hardness of the feed water', unit: '°dH', before: '6-13', after: '0.0-0.1' },
        { quantity: 'feed flow', unit: 'm³/h', before: '0.6-1.1', after: '2.0-2.6' },
      ],
      parts: ['!water level electrode', 'A: regeneration salt, 25 kg'],
      advice: [
        'A: The hardness must be tested every day with the kit on the wall, and the value written into the boiler book.',
        'A: A salt alarm on the softener costs little and would have prevented this.',
        'B: The blow-down valve now carries a seal; please leave it open.',
      ],
    },
  ],
  checks: [
    {
      item: 'burner and electrodes',
      good: ['clean, gap 4 mm', 'in order'],
      remark: ['electrode worn, replaced', 'burner head fouled, cleaned'],
    },
    {
      item: 'flue gas',
      good: ['carbon monoxide {8-24} ppm, loss {5-8} per cent'],
      remark: ['carbon monoxide {60-110} ppm, mixture corrected'],
    },
    {
      item: 'safety valve',
      good: ['opens at {2.9-3.0} bar', 'lifted by hand, closes tight'],
      remark: ['drips after lifting, replaced'],
    },
    { item: 'temperature limiter', good: ['trips at {105-109} °C'], remark: ['trips late, replaced'] },
    { item: 'expansion vessel', good: ['charge {1.0-1.4} bar'], remark: ['charge {0.2-0.5} bar, restored'] },
    {
      item: 'ventilation of the room',
      good: ['free', 'louvres clean'],
      remark: ['louvre half covered by stored boxes, cleared'],
    },
  ],
};
