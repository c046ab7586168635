import type { Analysis } from '../feedback/analyse.ts';
import { sayP, showP } from '../feedback/finding.ts';
import type { CommandDefinition } from './command.ts';
import { lookAtWorkspace, print, withWorkspace } from './with-workspace.ts';

export const analyze: CommandDefinition = {
  name: 'analyze',
  summary: 'hold the outcomes against each other',
  description:
    'Computes windowed statistics over the outcomes by persona, version, model and domain, and prints three lists: findings, what to watch, and what nobody can judge yet. Each finding is recorded as a recommendation, once.',
  options: [{ flags: '--dry-run', text: 'print, and record nothing' }],
  examples: ['millwright analyze --dry-run', 'millwright analyze --json'],
  exits: ['10 no workspace here'],
  run: async ({ folder, options }, io) => {
    const openFor = options.dryRun === true ? lookAtWorkspace : withWorkspace;
    return openFor(folder, io, async (context) => {
      const { computeAnalysis, runAnalysis } = await import('../feedback/run-analysis.ts');
      const done =
        options.dryRun === true
          ? { analysis: await computeAnalysis(context), added: 0 }
          : await runAnalysis(context);
      const { figures, ...lists } = done.analysis;
      const value = {
        outcomes: figures.outcomes,
        ...(figures.split === undefined ? {} : { split: figures.split }),
        window: { from: figures.from, to: figures.to },
        recorded: options.dryRun !== true,
        ...lists,
      };
      print(io, value, () => describeAnalysis(done.analysis));
      return 0;
    });
  },
};

const LISTED = 15;

export function describeAnalysis({ figures, comparisons, findings, watch, notEnough }: Analysis): string {
  if (figures.to === null)
    return 'no outcomes yet\nhint: millwright import FILE.jsonl --kind outcome --map MAP.yaml';
  const day = (at: string | null) => at?.slice(0, 10) ?? '';
  const found = findings.flatMap(({ title, evidence, priority }) => [
    `  [${priority}] ${title}`,
    ...evidence.map(
      (item) =>
        `      ${item.statement}; ${sayP(item.p_value ?? 1)}, adjusted ${showP(item.p_adjusted ?? 1)}, ${item.record_ids.length} records cited`,
    ),
  ]);
  return [
    `${figures.outcomes} outcomes from ${day(figures.from)} to ${day(figures.to)}, ${comparisons} comparisons`,
    ...heldBack(figures),
    `\nFindings (${findings.length})`,
    ...(findings.length > 0
      ? found
      : ['  none that the data supports; that does not mean that there is no problem']),
    `\nWatch (${watch.length}): maybe something, not shown yet`,
    ...capped(watch.map(({ title, p_adjusted }) => `  ${title}, adjusted ${showP(p_adjusted)}`)),
    `\nNot enough data (${notEnough.length})`,
    ...capped(notEnough.map(({ title, n, needed }) => `  ${title}: ${n}, needs ${needed}`)),
  ].join('\n');
}

function heldBack({ split }: Analysis['figures']): string[] {
  if (split === undefined) return [];
  return [
    `only tasks of the ${split} side: the others (two in five) are kept back to test patches on, because gate.agent is set`,
  ];
}

function capped(lines: readonly string[]): string[] {
  return lines.length <= LISTED
    ? [...lines]
    : [...lines.slice(0, LISTED), `  and ${lines.length - LISTED} more (--json has them all)`];
}
