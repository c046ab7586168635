import { kindNames } from '../contracts/kinds.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { type Change, compareHistory } from '../runner/compare-history.ts';
import { allViews } from '../runner/views.ts';
import type { CommandDefinition } from './command.ts';
import { loadProgress } from './load-progress.ts';
import { noView } from './no-view.ts';
import { lookAtWorkspace, print } from './with-workspace.ts';

export const diff: CommandDefinition = {
  name: 'diff',
  summary: 'say what came into the history between two times',
  description:
    'Holds the history at two times against each other, per kind and per view: how many rows came and went, and which. A time is a commit, a tag, a day (all of it) or an instant.',
  options: [
    { flags: '--from <when>', text: 'the earlier time' },
    { flags: '--to <when>', text: 'the later time; default: now' },
    { flags: '--only <name>', text: 'one table or view' },
    { flags: '--rows <n>', text: 'rows to show of each', default: '3' },
  ],
  examples: [
    'millwright diff --from 2026-11-01',
    'millwright diff --from HEAD~10 --to HEAD --only patch_status --rows 20',
  ],
  exits: ['10 no workspace here'],
  run: async ({ folder, options }, io) => {
    const { from, to, rows } = options;
    if (typeof from !== 'string')
      throw new MillwrightError('usage', 'expected --from', {
        hint: 'for example: millwright diff --from 2026-11-01',
      });
    if (!/^\d{1,6}$/.test(String(rows)))
      throw new MillwrightError('usage', `expected a number after --rows, found "${String(rows)}"`, {
        hint: '--rows 0 shows counts alone',
      });
    const only = await nameOf(options.only);
    return lookAtWorkspace(folder, io, async (context) => {
      const changes = await compareHistory(context, {
        from,
        to: typeof to === 'string' ? to : undefined,
        only,
        rows: Number(rows),
        signal: io.signal,
        onProgress: loadProgress(io),
      });
      print(io, changes, describe);
      return 0;
    });
  },
};

async function nameOf(only: unknown): Promise<string | undefined> {
  if (typeof only !== 'string') return undefined;
  const names = [...kindNames(), ...(await allViews()).map(({ name }) => name)];
  if (names.includes(only)) return only;
  throw noView(only, names);
}

function describe(changes: readonly Change[]): string {
  if (changes.length === 0) return 'nothing came in between';
  return (['table', 'view'] as const)
    .flatMap((group) => changes.filter((change) => change.group === group).map(describeChange))
    .join('\n');
}

function describeChange({ name, from, to, added, removed, rows }: Change): string {
  const shown = rows.map(({ sign, row }) => `  ${sign} ${rowText(row)}`);
  const left = added + removed - rows.length;
  const more = rows.length > 0 && left > 0 ? [`    and ${left} more`] : [];
  return [`${name}: ${from} -> ${to} rows, ${added} came, ${removed} went`, ...shown, ...more].join('\n');
}

const LONGEST_ROW = 200;

function rowText(row: Readonly<Record<string, unknown>>): string {
  const text = Object.entries(row)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' ')
    .replaceAll(/\s+/g, ' ');
  return text.length > LONGEST_ROW ? `${text.slice(0, LONGEST_ROW)}...` : text;
}
