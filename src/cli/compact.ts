import { findKind, kindNames } from '../contracts/kinds.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import type { MonthReport } from '../ledger/compaction/month-report.ts';
import type { CompactionScope } from '../ledger/compaction/plan-workspace.ts';
import type { CompactionReport, CompactionRun } from '../ledger/compaction/preview-compaction.ts';
import type { Workspace } from '../ledger/workspace.ts';
import type { CommandDefinition, CommandInput, Io } from './command.ts';
import { plural } from './describe-pass.ts';
import { lookAtWorkspace, print, withWorkspace } from './with-workspace.ts';

export const compact: CommandDefinition = {
  name: 'compact',
  summary: 'merge the segments of closed months into larger ones',
  description:
    'Merges neighbouring segments of each month that is over, line for line, and proves by a digest over the sorted records that none was lost, added or changed. --plan says what would be done and changes nothing; --apply does it, one commit a month. A month is over when it lies before the current one and before the newest that its kind holds.',
  options: [
    { flags: '--plan', text: 'say what would be merged, with the digests' },
    { flags: '--apply', text: 'merge; each month is checked before it is committed' },
    { flags: '--plan-id <id>', text: 'with --apply: only if this is still the plan' },
    { flags: '--kind <kind>', text: `only this kind: ${kindNames().join(', ')}` },
    { flags: '--before <yyyy-mm>', text: 'only months before this one' },
  ],
  examples: [
    'millwright compact --plan',
    'millwright compact --apply --plan-id 3f9a1c02b7de',
    'millwright compact --apply --kind outcome --before 2026-10 --json',
  ],
  exits: [
    '10 no workspace here',
    '12 credentials missing or refused',
    '13 lost the race against other writers',
    '130 interrupted',
  ],
  run: async (input, io) => {
    const { options } = input;
    if ((options.plan === true) === (options.apply === true))
      throw wrong('compact needs one of --plan and --apply');
    if (options.plan === true && options.planId !== undefined) throw wrong('--plan-id goes with --apply');
    const scope = scopeFrom(options);
    return options.plan === true ? plan(input, io, scope) : apply(input, io, scope);
  },
};

function scopeFrom(options: CommandInput['options']): CompactionScope {
  const { kind, before } = options;
  if (typeof kind === 'string' && findKind(kind) === undefined)
    throw wrong(`there is no kind ${JSON.stringify(kind)}`, `the kinds are ${kindNames().join(', ')}`);
  if (typeof before === 'string' && !/^\d{4}-(?:0[1-9]|1[0-2])$/.test(before))
    throw wrong(`expected a month such as 2026-10 after --before, found ${JSON.stringify(before)}`);
  return {
    ...(typeof kind === 'string' ? { kind } : {}),
    ...(typeof before === 'string' ? { before } : {}),
  };
}

function wrong(message: string, hint = 'millwright compact --help shows examples'): MillwrightError {
  return new MillwrightError('usage', message, { hint });
}

function plan({ folder }: CommandInput, io: Io, scope: CompactionScope): Promise<number> {
  return lookAtWorkspace(folder, io, async ({ workspace }) => {
    const { previewCompaction } = await import('../ledger/compaction/preview-compaction.ts');
    const report = await previewCompaction(workspace, scope, runOf(workspace, io, 'reading'));
    print(io, report, (found) => describe(found, `plan ${found.plan_id}`));
    if (report.months.length > 0) tell(io, `hint: ${commandFor(report, scope)} does this and nothing else`);
    return 0;
  });
}

/** The same scope gives the same plan. */
function commandFor({ plan_id: id }: CompactionReport, { kind, before }: CompactionScope): string {
  const scope = [kind && ` --kind ${kind}`, before && ` --before ${before}`].filter(Boolean);
  return `millwright compact --apply --plan-id ${id}${scope.join('')}`;
}

function apply({ folder, options }: CommandInput, io: Io, scope: CompactionScope): Promise<number> {
  return withWorkspace(folder, io, async ({ workspace }) => {
    const { applyCompaction } = await import('../ledger/compaction/apply-compaction.ts');
    const planId = typeof options.planId === 'string' ? { planId: options.planId } : {};
    const report = await applyCompaction(workspace, scope, { ...runOf(workspace, io, 'merging'), ...planId });
    print(io, report, (done) => describe(done, 'merged; every digest is the same as before'));
    return 0;
  });
}

function runOf(workspace: Workspace, io: Io, verb: string): CompactionRun {
  return {
    signal: io.signal,
    onMonth: ({ kind, month, groups }, at, of) =>
      tell(io, `  ${verb} ${kind} ${month}: ${groups.flat().length} segments (${at} of ${of})`),
    onBadLine: ({ path, line, found }) =>
      workspace.warnings.push(`${path}:${line}: expected a record, found ${found}; the line is kept`),
  };
}

function tell(io: Io, words: string): void {
  if (!io.json) io.err(`${words}\n`);
}

function describe({ months }: CompactionReport, heading: string): string {
  if (months.length === 0) return 'nothing to compact';
  return [heading, ...months.map(describeMonth)].join('\n');
}

function describeMonth(month: MonthReport): string {
  const { segments_before: before, segments_after: after, records, unreadable } = month;
  const lines = plural(unreadable, 'line that is no record', 'lines that are no records');
  return [
    `  ${month.kind} ${month.month}: ${before} segments into ${after}`,
    `${month.bytes_after.toLocaleString('en')} bytes`,
    `${records.toLocaleString('en')} ${plural(records, 'record', 'records')}`,
    ...(unreadable === 0 ? [] : [`${unreadable} ${lines}`]),
    `digest ${month.digest.slice(0, 32)}`,
    ...(month.commit === null ? [] : [`commit ${month.commit.slice(0, 10)}`]),
  ].join(', ');
}
