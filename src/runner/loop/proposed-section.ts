import { z } from 'zod';
import { type Delta, delta, describeDelta } from '../../contracts/delta.ts';
import { showP } from '../../feedback/finding.ts';
import { proposalId } from '../../feedback/proposal-id.ts';
import type { ReportFacts } from './report-facts.ts';
import { firstRows, foreign, idCode, markdownTable, points } from './report-text.ts';

type PatchFacts = ReportFacts['patches'][number];

/** The patches that were made, tested or decided, and where each stands. */
export function proposedSection({ patches, proposals }: ReportFacts): string[] {
  if (patches.length === 0) return ['Nothing was proposed, and nothing was decided.'];
  const results = new Map(proposals.map((one) => [one.proposal_id, one]));
  const { shown, more } = firstRows(patches, 'patches');
  const rows = shown.map((patch) => {
    const deltas = readDeltas(patch.deltas);
    return [
      foreign(patch.persona_id),
      `${foreign(patch.from_version)} to ${foreign(patch.to_version)}`,
      changeWords(patch, deltas),
      testWords(patch),
      standing(patch, results.get(proposalId({ ...patch, deltas }))),
      predicted(patch),
    ];
  });
  const head = [
    'persona',
    'versions',
    'change',
    'tested before it was offered',
    'where it stands',
    'predicted, points',
  ];
  return [`${markdownTable(head, 5, rows)}${more}`];
}

function changeWords({ id, reverts }: PatchFacts, deltas: readonly Delta[]): string {
  const said = deltas.map(describeDelta).join(', ') || 'a change that cannot be read';
  return `${foreign(said)} (${idCode(id)})${reverts === null ? '' : `, takes back ${idCode(reverts)}`}`;
}

const verdicts: Readonly<Record<string, string>> = {
  improved: 'improved',
  worse: 'worse',
  no_evidence: 'no evidence',
  no_headroom: 'no headroom',
  not_tested: 'not tested',
};

function testWords({ verdict, wins, losses, p_value: p }: PatchFacts): string {
  if (verdict === null) return 'not tested';
  const words = verdicts[verdict] ?? foreign(verdict);
  return p === null ? words : `${words}: ${wins ?? 0} wins, ${losses ?? 0} losses, p ${showP(p)}`;
}

/** What a pass said last is only news while nobody has decided. Whether it was opened just now or is still open changes with every pass. */
const stillOpen = new Set(['opened', 'updated', 'unchanged']);

function standing(
  { decision, decided_by: who, reason, auto_applied: alone }: PatchFacts,
  proposal: ReportFacts['proposals'][number] | undefined,
): string {
  if (decision !== null) {
    const by = alone ? 'without a person' : `by ${foreign(nameOf(who ?? 'nobody named'), 60)}`;
    return `${foreign(decision)} ${by}${reason === null ? '' : `: ${foreign(reason)}`}`;
  }
  const result = proposal?.result ?? null;
  if (result === null) return 'no proposal yet';
  const detail = proposal?.detail ?? null;
  return stillOpen.has(result)
    ? 'open'
    : `${foreign(result)}${detail === null ? '' : `: ${foreign(detail)}`}`;
}

/** Without the address that git adds. */
function nameOf(who: string): string {
  return who.replace(/\s*<[^<>]*>\s*$/, '') || who;
}

function predicted({ baseline, expected }: PatchFacts): string {
  return baseline === null || expected === null ? '' : points(expected - baseline);
}

/** A line of the history that somebody edited may hold other things than deltas: they are left out. */
function readDeltas(json: string | null): Delta[] {
  try {
    const read = z.array(delta).safeParse(json === null ? [] : JSON.parse(json));
    return read.success ? read.data : [];
  } catch {
    return [];
  }
}
