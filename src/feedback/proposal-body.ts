import { type Delta, describeDelta } from '../contracts/delta.ts';
import { chartLabel, markdownText } from '../contracts/markdown-text.ts';
import type { ArmFigures, Evidence } from '../contracts/recommendation.ts';
import type { PatchEntry } from './feedback-state.ts';
import { percent, showP } from './finding.ts';
import { type TestFacts, testSection } from './gate/test-section.ts';
import { proposalId } from './proposal-id.ts';
import type { RecordLink } from './proposal-links.ts';

/** How many record ids a proposal prints; the patch record has them all. */
const IDS_SHOWN = 12;
/** How many stand behind a single statement. */
const IDS_OF_ONE = 4;

/** How many statements stand open where the rest is folded. */
const STATEMENTS_OPEN = 5;

const NOT_YET = '## Decide\n\nThere is nothing to decide yet.';

/** Versions of the persona file before and after, where they are no longer those of the patch. */
interface Versions {
  readonly from: string;
  readonly to: string;
}

/** How a page shows what plain text cannot: on a forge with addresses of its own. */
export interface Look {
  readonly link: RecordLink;
  /** The address of the chart as a picture; undefined where none was drawn. */
  readonly chart: string | undefined;
}

/**
 * What a reviewer reads: the change, the evidence, the test, the prediction. Markdown, with a chart.
 * @param tested what replays said of it, where there were any
 * @param look with it, records are links, the chart is a picture, and what is long is folded
 */
export function proposalBody(
  patch: PatchEntry,
  { from, to }: Versions = { from: patch.from_version, to: patch.to_version },
  tested: TestFacts = {},
  look?: Look,
): string {
  const test = testSection(tested, patch.reverts !== undefined);
  return [
    `# ${markdownText(proposalTitle(patch, to))}`,
    `Persona \`${patch.persona_id}\`, ${from} to ${to}, component ${markdownText(patch.component)}.`,
    ...takesBack(patch),
    `## What changes\n\n${patch.deltas.map(deltaLines).join('\n')}`,
    `## Why\n\n${why(patch, look)}`,
    `## Evidence\n\n${evidenceSection(patch.evidence, look)}`,
    prediction(patch),
    `## Tested before merge\n\n${look === undefined ? test : withFoldedTable(test)}`,
    `## Records\n\n${look === undefined ? records(patch) : folded('All record ids', records(patch, look))}`,
    tested.testing !== undefined ? NOT_YET : decide(patch, look),
  ].join('\n\n');
}

/** Evidence that compares two arms: it has a table and a chart. */
export function comparisons(all: readonly Evidence[]): Evidence[] {
  return all.filter(({ arms }) => arms?.length === 2);
}

/** The records that a page names. */
export function printedIds({ id, evidence, recommendation_ids: recommendations }: PatchEntry): string[] {
  const behind = evidence.flatMap(({ record_ids: ids }) => ids.slice(0, IDS_OF_ONE));
  const all = evidence.flatMap(({ record_ids: ids }) => ids);
  return [...new Set([id, ...recommendations, ...behind, ...[...new Set(all)].slice(0, IDS_SHOWN)])];
}

export function proposalTitle(patch: PatchEntry, version = patch.to_version): string {
  return `${patch.persona_id} ${version}: ${patch.deltas.map(describeDelta).join(', ')}`;
}

/** What was measured of the harmful patch is the evidence of the one that takes it back. */
function takesBack({ reverts, evidence }: PatchEntry): string[] {
  if (reverts === undefined) return [];
  const measured = bullets(evidence.map(({ statement }) => statement));
  return [`## What it takes back\n\nPatch \`${reverts}\`, because it did harm.\n\n${measured}`];
}

/** The change in a line, and below it the words that it brings. */
function deltaLines(change: Delta): string {
  const words = wordsOf(change)
    .split('\n')
    .filter((text) => text.trim() !== '')
    .map((text) => `  > ${markdownText(text)}`);
  return [`- ${markdownText(describeDelta(change))}`, ...words].join('\n');
}

function wordsOf(change: Delta): string {
  switch (change.op) {
    case 'set_route':
    case 'unset_route':
      return '';
    case 'add_bullet':
      return `${change.section}: ${change.text}`;
    case 'update_bullet':
      return change.text;
    case 'remove_bullet':
      return change.why;
    case 'set_field':
      return change.value;
  }
}

function bullets(lines: readonly string[]): string {
  const said = lines.filter((text) => text.trim() !== '').map((text) => `- ${markdownText(text)}`);
  return said.length === 0 ? 'None.' : said.join('\n');
}

/** A drafted cause says how many records show it: the page says which. */
function why({ rationale, evidence }: PatchEntry, look?: Look): string {
  const counted = new Map(evidence.map((item) => [`${item.statement} (${countOf(item)})`, item]));
  const lines = rationale.split('\n').filter((text) => text.trim() !== '');
  const said = lines.map((text) => {
    const cause = counted.get(text);
    return cause === undefined ? `- ${markdownText(text)}` : statementLine(cause, look);
  });
  return said.length === 0 ? 'None.' : said.join('\n');
}

function countOf({ record_ids: ids }: Evidence): string {
  return `${ids.length} ${ids.length === 1 ? 'record' : 'records'}`;
}

/** A statement with the first records behind it. */
function statementLine({ statement, record_ids: ids }: Evidence, look?: Look): string {
  const behind = ids.length === 0 ? '' : ` (${idList(ids, IDS_OF_ONE, look)})`;
  return `- ${markdownText(statement)}${behind}`;
}

function idList(ids: readonly string[], most: number, look?: Look): string {
  const shown = ids.slice(0, most).map((id) => linked(id, look));
  const more = ids.length > most ? `, and ${ids.length - most} more in the patch record` : '';
  return `${shown.join(', ')}${more}`;
}

function linked(id: string, look: Look | undefined): string {
  const address = look?.link(id);
  return address === undefined ? `\`${id}\`` : `[\`${id}\`](${inBrackets(address)})`;
}

/** What would end the address in markdown. */
function inBrackets(address: string): string {
  return address.replaceAll(/[()<>\s]/g, (found) => `%${found.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Comparisons of two arms as a table and a chart, everything else in words. */
function evidenceSection(all: readonly Evidence[], look?: Look): string {
  const tables = comparisons(all);
  const others = all.filter((item) => !tables.includes(item)).map((item) => statementLine(item, look));
  const compared = tables.length === 0 ? [] : [evidenceTable(tables), ...charts(tables, look)];
  const said = others.length === 0 && tables.length > 0 ? [] : [statements(others, look)];
  return [...compared, ...said].join('\n\n');
}

function statements(lines: readonly string[], look: Look | undefined): string {
  if (lines.length === 0) return 'None.';
  if (look === undefined || lines.length <= STATEMENTS_OPEN) return lines.join('\n');
  const rest = lines.slice(STATEMENTS_OPEN);
  return `${lines.slice(0, STATEMENTS_OPEN).join('\n')}\n\n${folded(`${rest.length} more`, rest.join('\n'))}`;
}

/** @param summary words of this program: they are not escaped */
function folded(summary: string, text: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${text}\n\n</details>`;
}

/** The verdict stands open, its table does not. */
function withFoldedTable(text: string): string {
  const parts = text.split('\n\n');
  return parts.map((part) => (part.startsWith('|') ? folded('The counts', part) : part)).join('\n\n');
}

function evidenceTable(tables: readonly Evidence[]): string {
  const rows = tables.map((item) => {
    const [now, proposed] = item.arms ?? [];
    if (now === undefined || proposed === undefined) return '';
    const cells = [
      markdownText(item.domain ?? 'everything else'),
      String(now.n),
      armCell(now),
      armCell(proposed),
      `${item.wins ?? 0} : ${item.losses ?? 0}`,
      showP(item.p_value ?? 1),
      showP(item.p_adjusted ?? 1),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const head =
    '| domain | pairs | now | proposed | wins : losses | p | p adjusted |\n|---|--:|---|---|--:|--:|--:|';
  return `${head}\n${rows.join('\n')}\n\nEach pair is one piece of work that both models tried. Test: ${markdownText(tables[0]?.test ?? 'none')}; p adjusted after Benjamini and Hochberg.`;
}

function armCell(arm: ArmFigures): string {
  const cost = arm.cost_usd === null || arm.n === 0 ? '' : `, $${(arm.cost_usd / arm.n).toFixed(3)} a run`;
  const each =
    arm.cost_usd === null || arm.accepted === 0
      ? ''
      : `, $${(arm.cost_usd / arm.accepted).toFixed(2)} an accepted one`;
  return `${markdownText(arm.arm)}: ${arm.accepted} (${percent(arm.accepted, arm.n)})${cost}${each}`;
}

function charts(tables: readonly Evidence[], look: Look | undefined): string[] {
  if (look === undefined) return [mermaid(tables)];
  if (look.chart === undefined) return [];
  return [`![Accepted, now and as proposed, with 95 % intervals](${inBrackets(look.chart)})`];
}

/** Mermaid is drawn by the common git hosts; elsewhere the table says the same. */
function mermaid(tables: readonly Evidence[]): string {
  const label = (item: Evidence) => chartLabel(item.domain ?? 'everything else');
  const rate = (arm: ArmFigures | undefined) =>
    arm === undefined || arm.n === 0 ? 0 : Math.round((1000 * arm.accepted) / arm.n) / 10;
  const series = (place: number) => tables.map(({ arms }) => rate(arms?.[place])).join(', ');
  return [
    '```mermaid',
    'xychart-beta',
    '  title "Accepted, percent: now (bars), proposed (line)"',
    `  x-axis [${tables.map(label).join(', ')}]`,
    '  y-axis "percent" 0 --> 100',
    `  bar [${series(0)}]`,
    `  line [${series(1)}]`,
    '```',
  ].join('\n');
}

function prediction(patch: PatchEntry): string {
  const effect = patch.predicted_effect;
  const note = markdownText(effect.note ?? '');
  const measured = `Measured by: ${markdownText(effect.measured_by)}.`;
  if (effect.baseline === null || effect.expected === null)
    return `## Predicted effect\n\n${note || 'None.'}\n\n${measured}`;
  const points = ((effect.expected - effect.baseline) * 100).toFixed(1);
  const cost =
    effect.cost_per_run_before === null || effect.cost_per_run_after === null
      ? ''
      : ` Cost a run: $${effect.cost_per_run_before.toFixed(3)} to $${effect.cost_per_run_after.toFixed(3)}.`;
  const rates = `${(effect.baseline * 100).toFixed(1)} % to ${(effect.expected * 100).toFixed(1)} % (${Number(points) >= 0 ? '+' : ''}${points} points) of ${patch.component === 'routing' ? `the ${effect.runs} runs that it touches` : `${effect.runs} runs`}.`;
  return `## Predicted effect\n\nAccepted: ${rates}${cost} ${note}\n\n${measured}`;
}

function records(patch: PatchEntry, look?: Look): string {
  const ids = [...new Set(patch.evidence.flatMap(({ record_ids }) => record_ids))];
  // Only of pairs are the records those that differ; of one arm they are those that failed, or that a model read.
  const differ = ids.length > 0 && patch.evidence.every(({ arms }) => arms?.length === 2);
  const outcomes = ids.length === 0 ? 'none' : idList(ids, IDS_SHOWN, look);
  const recommendations = patch.recommendation_ids.map((id) => linked(id, look)).join(', ');
  return `- patch: ${linked(patch.id, look)}\n- recommendations: ${recommendations || 'none'}\n- ${differ ? 'outcomes that differ' : 'records behind it'}: ${outcomes}`;
}

/** Where people see it on a forge of its own, the forge's own buttons decide. */
function decide(patch: PatchEntry, look: Look | undefined): string {
  const branch = `\`${proposalId(patch)}\``;
  const later = 'It is then not offered again until its content changes.';
  if (look !== undefined)
    return `## Decide\n\nMerge it in any way you like: ${branch} holds the whole change. To say no, close it, with a comment that says why. ${later} To take a refusal back, restore the branch with the button here and then reopen it, or tick its box on the dashboard. On the command line: \`millwright review apply ${patch.id}\`, \`millwright review reject ${patch.id} --reason "..."\`.`;
  return `## Decide\n\nMerge the branch ${branch} in any way you like, or run \`millwright review apply ${patch.id}\`. To say no: \`millwright review reject ${patch.id} --reason "..."\`. ${later}`;
}
