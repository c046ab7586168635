import type { ProposalReport } from '../../ledger/controller.ts';
import { amount, counted, foreign, markdownTable } from '../../runner/loop/report-text.ts';
import type { LoopDone } from '../../runner/loop/run-loop.ts';
import type { Status } from '../../runner/read-status.ts';
import type { PassReport } from '../../runner/run-pass.ts';
import { codeSpan } from './code-span.ts';
import { committedPage } from './committed-page.ts';
import { kindCount } from './kind-count.ts';
import { rejectionWords } from './rejection-words.ts';
import { summaryWords } from './summary-words.ts';
import type { WebLinks } from './web-links.ts';

export interface PassFacts {
  readonly report: PassReport;
  /** Where the pass was one turn of the loop. */
  readonly loop?: LoopDone;
  /** How things stand after it; undefined where that could not be read. */
  readonly status: Pick<Status, 'ledger' | 'waits' | 'pushes'> | undefined;
  /** API requests of this machine in the last hour, where a forge counts them. */
  readonly requests?: { readonly used: number; readonly limit: number };
  readonly warnings: readonly string[];
  readonly links: WebLinks | undefined;
  /** True where a proposal is a pull request. */
  readonly pulls: boolean;
}

/** A pass as markdown for the page of a run: what came in, what was refused, what waits for whom. Pure. */
export function passSummary(facts: PassFacts): string {
  const { report } = facts;
  const parts = [
    `## ${heading(report)}`,
    loopLines(facts),
    cameIn(report),
    section('Failures', report.failures.map(failureLine).join('\n')),
    section(`Rejected: ${counted(report.rejected.length, 'contract', 'contracts')}`, rejectedTable(facts)),
    section('Proposals', proposalTable(facts)),
    section('What waits', waitTable(facts)),
    section('Warnings', facts.warnings.map((words) => `- ${summaryWords(words)}`).join('\n')),
    meterLine(facts),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const MOST_ROWS = 50;

function heading({ failures, interrupted, changed, duration_ms: ms }: PassReport): string {
  const time = ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
  if (interrupted) return `The pass was interrupted after ${time}; the next one goes on from here`;
  if (failures.length > 0) return `The pass did a part of its work in ${time}`;
  return changed ? `The pass is done, in ${time}` : `Nothing to do, in ${time}`;
}

function loopLines({ loop, links, status }: PassFacts): string {
  if (loop === undefined) return '';
  const { analysis, explanation, report: path } = loop;
  const written =
    path === undefined
      ? ''
      : linked(codeSpan(path), links && status && links.file(status.ledger.branch, path));
  const lines = [
    `Analysed ${counted(analysis.outcomes, 'outcome', 'outcomes')}: ${counted(analysis.findings, 'finding', 'findings')}, ${analysis.added} new.`,
    explanation === null
      ? ''
      : `Explained ${explanation.explained}, drafted ${explanation.drafted}${explanation.note === undefined ? '' : ` (${summaryWords(explanation.note)})`}.`,
    written === '' ? '' : `Report of ${foreign(loop.week)}: ${written}.`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function cameIn({ accepted, unchanged, settling, findings }: PassReport): string {
  const recorded = Object.entries(accepted).map(([kind, n]) => foreign(kindCount(n, kind)));
  const lines = [
    recorded.length === 0 ? '' : `Recorded: ${recorded.join(', ')}.`,
    unchanged === 0 ? '' : `${counted(unchanged, 'contract was', 'contracts were')} recorded already.`,
    settling === 0
      ? ''
      : `${counted(settling, 'file', 'files')} may still be written and wait for the next pass.`,
    findings === 0 ? '' : `${counted(findings, 'finding', 'findings')}.`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function section(title: string, text: string): string {
  return text === '' ? '' : `### ${title}\n\n${text}`;
}

function failureLine({ controller, message, hint }: PassReport['failures'][number]): string {
  const help = hint === undefined ? '' : `<br>${summaryWords(hint)}`;
  return `- **${foreign(controller)}**: ${summaryWords(message)}${help}`;
}

function rejectedTable({ report, links, status }: PassFacts): string {
  return table(['file', 'line', 'why'], report.rejected, (one) => {
    const page = committedPage(one);
    const address = page === undefined || !status ? undefined : links?.file(status.ledger.branch, page);
    const kept = page === undefined ? `<br>${NOT_COMMITTED}` : '';
    return [
      linked(codeSpan(one.path), address),
      one.line === undefined ? '' : String(one.line),
      `${summaryWords(rejectionWords(one))}${kept}`,
    ];
  });
}

const NOT_COMMITTED =
  'It stays out of the history with its page, and is gone with the runner: correct it, and drop it again.';

function proposalTable({ report, links, pulls }: PassFacts): string {
  const address = ({ proposal_id: id }: ProposalReport) => (pulls ? links?.proposal(id) : links?.branch(id));
  return table(['proposal', 'result', ''], report.proposals, (one) => [
    linked(codeSpan(one.proposal_id), address(one)),
    foreign(one.result),
    summaryWords(one.detail ?? ''),
  ]);
}

function waitTable({ status }: PassFacts): string {
  return table(['what', 'for whom', 'why', 'what helps'], status?.waits ?? [], ({ what, who, why, hint }) => [
    /^\S+$/.test(what) ? codeSpan(what) : summaryWords(what),
    ...[who, why, hint].map(summaryWords),
  ]);
}

function table<Row>(head: readonly string[], rows: readonly Row[], cells: (row: Row) => string[]): string {
  if (rows.length === 0) return '';
  const rest = rows.length - MOST_ROWS;
  const more = rest > 0 ? `\n\nAnd ${amount(rest)} more.` : '';
  return `${markdownTable(head, head.length, rows.slice(0, MOST_ROWS).map(cells))}${more}`;
}

function linked(words: string, address: string | undefined): string {
  return address === undefined ? words : `[${words}](${address})`;
}

function meterLine({ status, requests }: PassFacts): string {
  const pushes = status?.pushes;
  const parts = [
    pushes === undefined
      ? ''
      : `Pushes in the last minute: ${amount(pushes.used)}${pushes.limit === null ? '' : ` of ${amount(pushes.limit)}`}.`,
    requests === undefined
      ? ''
      : `API requests in the last hour: ${amount(requests.used)} of ${amount(requests.limit)}.`,
    status === undefined || status.ledger.commit === null
      ? ''
      : `Ledger: ${codeSpan(status.ledger.branch)} at \`${status.ledger.commit.slice(0, 10)}\`.`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}
