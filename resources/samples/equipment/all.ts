import type { Equipment } from '../equipment.ts';
import { boilers } from './boilers.ts';
import { compressors } from './compressors.ts';
import { cooling } from './cooling.ts';
import { doors } from './doors.ts';
import { generators } from './generators.ts';
import { lifts } from './lifts.ts';
import { lighting } from './lighting.ts';
import { pumps } from './pumps.ts';
import { shutters } from './shutters.ts';
import { ventilation } from './ventilation.ts';

export const allEquipment: readonly Equipment[] = [
  pumps,
  lifts,
  boilers,
  doors,
  ventilation,
  cooling,
  shutters,
  compressors,
  generators,
  lighting,
];
