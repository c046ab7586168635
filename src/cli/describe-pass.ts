import type { PassReport } from '../runner/run-pass.ts';
import { errorPagePath } from './actions/error-page-path.ts';
import { kindCount } from './actions/kind-count.ts';

/** A pass in a few lines for people. */
export function describePass(report: PassReport): string {
  const accepted = Object.entries(report.accepted).map(([kind, n]) => kindCount(n, kind));
  const lines = [
    accepted.length > 0 ? `recorded ${accepted.join(', ')}` : '',
    report.unchanged > 0
      ? `${report.unchanged} ${plural(report.unchanged, 'contract was', 'contracts were')} recorded already`
      : '',
    ...report.rejected.slice(0, 20).map((one) => `rejected ${one.problem}\n  see ${errorPagePath(one)}`),
    report.rejected.length > 20 ? `and ${report.rejected.length - 20} more rejected; see queue/rejected` : '',
    report.settling > 0
      ? `${report.settling} ${plural(report.settling, 'file', 'files')} may still be written; the next pass looks again`
      : '',
    report.findings > 0 ? `${report.findings} ${plural(report.findings, 'finding', 'findings')}` : '',
    ...report.proposals.map(
      ({ proposal_id: id, result, detail }) =>
        `proposal ${id}: ${result}${detail === undefined ? '' : ` (${detail})`}`,
    ),
    ...report.failures.map(
      ({ controller, message, hint }) =>
        `failed in ${controller}: ${message}${hint === undefined ? '' : `\n  hint: ${hint}`}`,
    ),
    `${verdict(report)} in ${report.duration_ms} ms`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function verdict({ interrupted, changed }: PassReport): string {
  if (interrupted) return 'interrupted, the next pass goes on from here,';
  return changed ? 'pass done' : 'nothing to do';
}

export function plural(n: number, one: string, many: string): string {
  return n === 1 ? one : many;
}
