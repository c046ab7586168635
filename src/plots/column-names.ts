import type { PlotRequest } from './plot-request.ts';

/** Every key that any row has, in the order in which they appear. */
export function columnNames(rows: PlotRequest['rows']): ReadonlySet<string> {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  return names;
}
