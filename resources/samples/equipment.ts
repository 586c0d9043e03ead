/** The kind of trouble that a ticket is sorted by. */
export const categories = [
  'leak',
  'noise and vibration',
  'electrical',
  'controls',
  'blockage',
  'mechanical',
  'temperature',
  'damage',
  'safety',
  'quotation',
  'invoice',
  'access',
] as const;
export type Category = (typeof categories)[number];

export const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof priorities)[number];

/** Something that is measured before and after a repair. */
export interface Reading {
  readonly quantity: string;
  readonly unit: string;
  /** Ranges as in a template: "3-9" or "0.5-2.5". */
  readonly before: string;
  readonly after: string;
}

/**
 * A fault from the call to the advice. All texts are patterns (template.ts); lists are in the order of events.
 *
 * A fault can have several causes, called A, B, C in the order of their list, and what is found, done and fitted must
 * agree with the cause. A text that begins with "A: " or "AB: " belongs to those causes and is always told with them,
 * one that begins with "!" is told in any case, and the others now and then.
 */
export interface Fault {
  /** As a heading: "Mechanical seal leaking". */
  readonly title: string;
  readonly category: Category;
  readonly priority: Priority;
  /** When it happens more often. */
  readonly season?: 'winter' | 'summer';
  /** The types of this equipment that can have it; all, when absent. */
  readonly only?: readonly string[];
  /** What callers say. */
  readonly reported: readonly string[];
  /** What the technician finds. */
  readonly found: readonly string[];
  /** Why it happened. */
  readonly cause: readonly string[];
  /** What was done, step by step. */
  readonly work: readonly string[];
  readonly readings: readonly Reading[];
  readonly parts: readonly string[];
  /** What the customer should do or know. */
  readonly advice: readonly string[];
}

/** One line of a planned inspection. */
export interface Check {
  readonly item: string;
  /** The types of this equipment that have it; all, when absent. */
  readonly only?: readonly string[];
  readonly good: readonly string[];
  readonly remark: readonly string[];
}

export interface EquipmentType {
  /** "circulation pump" */
  readonly name: string;
  readonly places: readonly string[];
  /** What it serves, after "serves": "the radiators of the east wing". */
  readonly serves: readonly string[];
}

/** A kind of equipment that the firm looks after. */
export interface Equipment {
  /** "pump" */
  readonly name: string;
  readonly plural: string;
  /** First letters of its tags: P-03. */
  readonly prefix: string;
  /** Whether it stands in its place or at it. */
  readonly preposition?: 'in' | 'at';
  /** The season in which it gives most trouble. */
  readonly busy?: 'winter' | 'summer';
  readonly types: readonly EquipmentType[];
  readonly faults: readonly Fault[];
  readonly checks: readonly Check[];
}

/** A text of a fault without its mark, and whether it must be told. */
export interface Told {
  readonly text: string;
  readonly always: boolean;
}

/** The texts of a list that fit a cause (its place in the list of causes), with their marks taken off. */
export function toldOf(patterns: readonly string[], cause: number): Told[] {
  const letter = String.fromCharCode('A'.charCodeAt(0) + cause);
  return patterns.flatMap((pattern): Told[] => {
    const [, mark, text] = /^(!|[A-Z]+: )?(.*)$/s.exec(pattern)!;
    if (mark === undefined) return [{ text: text!, always: false }];
    return mark === '!' || mark.includes(letter) ? [{ text: text!, always: true }] : [];
  });
}
