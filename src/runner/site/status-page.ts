import { escapeHtml } from './escape-html.ts';
import { type Html, html, htmlLink, htmlTable } from './html-parts.ts';
import type { SiteFacts } from './site-facts.ts';
import type { SiteLinks } from './site-links.ts';

export interface StatusPage {
  readonly facts: SiteFacts;
  /** SVG. */
  readonly charts: readonly string[];
  readonly links: SiteLinks | undefined;
}

/** How things stand, as the body of a page. Pure. */
export function statusPage({ facts, charts, links }: StatusPage): string {
  return [
    figures(facts),
    section('What waits', waits(facts)),
    section('Proposals', proposals(facts, links)),
    section('Decisions', decisions(facts, links)),
    section('Effects of merged patches', effects(facts)),
    ...charts.map((svg) => `<figure>${svg}</figure>`),
    section('Passes', passes(facts)),
  ].join('\n');
}

function section(title: string, body: string): string {
  return `<h2>${escapeHtml(title)}</h2>\n${body}`;
}

function figures({ records, inbox, rejected, queue, proposals: open }: SiteFacts): string {
  const total = Object.values(records).reduce((sum, n) => sum + n, 0);
  const slots = Object.entries(queue).map(([state, n]): [string, number] => [`slots ${state}`, n ?? 0]);
  const all: [string, number][] = [
    ['records', total],
    ['outcomes', records.outcome ?? 0],
    ['in the inbox', inbox],
    ['rejected', rejected],
    ['proposals', open.length],
    ...slots,
  ];
  const shown = all.map(
    ([name, n]) => `<div><dt>${escapeHtml(name)}</dt><dd>${n.toLocaleString('en-US')}</dd></div>`,
  );
  return `<dl>\n${shown.join('\n')}\n</dl>`;
}

function waits({ waits: all }: SiteFacts): string {
  const rows = all.map(({ what, who, why, hint }) => [what, who, why, hint]);
  return htmlTable(['what', 'for whom', 'why', 'what helps'], rows, 'Nothing waits.');
}

function proposals({ proposals: all }: SiteFacts, links: SiteLinks | undefined): string {
  const rows = all.map(({ proposal_id: id, title, result, detail = '' }) => [
    proposal(id, title, links),
    result,
    detail,
  ]);
  return htmlTable(['proposal', 'result', ''], rows, 'No proposal is open.');
}

function decisions({ decisions: all }: SiteFacts, links: SiteLinks | undefined): string {
  const rows = all.map((one) => [
    proposal(one.proposal_id, one.title, links),
    one.decision,
    one.decided_by,
    minute(one.decided_at),
    one.reason ?? '',
  ]);
  return htmlTable(['proposal', 'decision', 'by', 'when', 'why'], rows, 'Nothing was decided yet.');
}

function proposal(id: string, title: string, links: SiteLinks | undefined): Html {
  const link = htmlLink(id, links?.proposal(id));
  return html(title === '' ? link.html : `${link.html}<br>${escapeHtml(title)}`);
}

function effects({ effects: all }: SiteFacts): string {
  const rows = [...all]
    .reverse()
    .map((one) => [
      `${one.persona_id}: ${one.changes}`,
      one.state,
      points(one.predicted_difference),
      `${points(one.difference)} (${points(one.difference_low)} to ${points(one.difference_high)})`,
      minute(one.merged_at),
    ]);
  const head = ['change', 'state', 'promised', 'measured, points (90 %)', 'merged'];
  return htmlTable(head, rows, 'No patch was merged yet.');
}

function passes({ passes: all }: SiteFacts): string {
  const rows = all.map(({ started_at, duration_ms, accepted, rejected, findings, failures = 0 }) => [
    minute(started_at),
    `${(duration_ms / 1_000).toFixed(1)} s`,
    Object.entries(accepted)
      .map(([kind, n]) => `${n} ${kind}`)
      .join(', '),
    rejected,
    findings,
    failures,
  ]);
  const head = ['began (UTC)', 'took', 'recorded', 'rejected', 'findings', 'failures'];
  return htmlTable(head, rows, 'No pass is recorded yet.');
}

/** `2026-11-21 08:00` */
function minute(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}

/** Percentage points: `+3.5`. */
function points(share: number | null): string {
  if (share === null) return '–';
  const shown = (100 * share).toFixed(1);
  return share > 0 ? `+${shown}` : shown;
}
