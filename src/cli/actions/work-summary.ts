import { counted, markdownTable } from '../../runner/loop/report-text.ts';
import { finalEvents } from '../../runner/worker/final-events.ts';
import type { WorkerReport } from '../../runner/worker/worker.ts';
import type { WorkerEvent } from '../../runner/worker/worker-event.ts';
import { codeSpan } from './code-span.ts';
import { summaryWords } from './summary-words.ts';

const MOST_ROWS = 50;

/** What a worker daemon did in a job, as markdown. Pure. */
export function workSummary(report: WorkerReport, events: readonly WorkerEvent[]): string {
  const { shipped, failed, released, lost } = report;
  const ended = events.filter(({ event }) => finalEvents.has(event));
  const rows = ended
    .slice(0, MOST_ROWS)
    .map(({ slot_id: slot, event, branch_name: branch, detail }) => [
      codeSpan(slot ?? ''),
      event,
      codeSpan(branch ?? ''),
      summaryWords(detail ?? ''),
    ]);
  const rest = ended.length - rows.length;
  const trouble = events.filter(({ event }) => event === 'trouble').slice(-10);
  return [
    `## ${counted(shipped, 'slot', 'slots')} shipped, ${failed} failed, ${released} released, ${lost} lost`,
    rows.length === 0
      ? 'There was nothing to claim.'
      : markdownTable(['slot', 'ended', 'branch', ''], 4, rows),
    ...(rest > 0 ? [`And ${rest} more.`] : []),
    ...trouble.map(({ detail }) => `- trouble: ${summaryWords(detail ?? '')}`),
  ].join('\n\n');
}
