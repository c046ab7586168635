/** What ends the story of a slot in a worker, by the name of its event. */
export const finalEvents: ReadonlySet<string> = new Set([
  'shipped',
  'failed',
  'released',
  'cancelled',
  'dead',
  'lost',
  'late',
]);
