import { closest } from '../contracts/closest.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { cleanText } from './clean-text.ts';
import { columnNames } from './column-names.ts';
import type { PlotRequest } from './plot-request.ts';

/** Rows need not all have the same keys: a column exists when any of them has it. Fails with `plot-no-rows` or `plot-no-column`. */
export function checkColumns(request: PlotRequest): void {
  if (request.rows.length === 0) {
    throw new MillwrightError('plot-no-rows', 'Nothing to draw: the query returned no rows.', {
      hint: 'run it with `millwright query` to see what it returns',
    });
  }
  const columns = columnNames(request.rows);
  for (const role of ['x', 'y', 'color', 'low', 'high'] as const) {
    const name = request[role];
    if (name !== undefined && !columns.has(name)) throw noColumn(role, name, [...columns]);
  }
}

function noColumn(role: string, name: string, columns: readonly string[]): MillwrightError {
  const near = closest(name, columns);
  const listed = columns.slice(0, 40).map(cleanText).join(', ');
  const rest = columns.length > 40 ? ` and ${columns.length - 40} more` : '';
  return new MillwrightError(
    'plot-no-column',
    `--${role} names the column "${cleanText(name)}", which the rows do not have.`,
    {
      hint: `${near === undefined ? '' : `did you mean "${cleanText(near)}"? `}The columns are ${listed}${rest}.`,
      data: { role, name, columns, ...(near === undefined ? {} : { near }) },
    },
  );
}
