/** What a run learns by where nothing is said. */
export const usualObjective = 'next-token';
