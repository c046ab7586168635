import { isDeepStrictEqual } from 'node:util';
import { showPath, showText, showValue } from '../../../contracts/issue.ts';
import type { FileChange, FileVersion } from '../../../git/file-changes.ts';
import type { Snapshot } from '../../../git/snapshot.ts';
import { isRegularFile } from '../../../git/tree.ts';
import type { Finding } from '../finding.ts';
import { groupBy } from '../group-by.ts';
import { compareLines, type LineComparison, type SegmentLine } from './compare-lines.ts';
import type { DiffGround } from './diff-ground.ts';

export interface RecordCheck {
  readonly findings: readonly Finding[];
  /** Lines that the change adds to the history. */
  readonly added: readonly SegmentLine[];
}

const SEGMENT = /^state\/([^/]+)\/\d{4}-\d{2}\/\d{4,}\.jsonl$/;
const MOST_FINDINGS = 20;
const HINT =
  'take the line again as the base branch has it; records never change, so a correction is a new contract in queue/inbox';

/** Holds every line of the history that the base has against what would be left of it. Who did it does not matter. */
export async function judgeRecords({ changes, atHead }: DiffGround): Promise<RecordCheck> {
  const segments = changes.filter(({ path }) => SEGMENT.test(path));
  const findings: Finding[] = [];
  const added: SegmentLine[] = [];
  for (const mine of groupBy(segments, ({ path }) => SEGMENT.exec(path)?.[1] ?? '').values()) {
    const compared = compareLines(
      await contents(atHead, mine, ({ before }) => before),
      await contents(atHead, mine, ({ after }) => after),
    );
    findings.push(...changedRecords(compared));
    added.push(...compared.added);
  }
  return { findings, added };
}

/** Each byte as one character: bytes that are no text stay apart. */
async function contents(
  snapshot: Snapshot,
  changes: readonly FileChange[],
  versionOf: (change: FileChange) => FileVersion | undefined,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const change of changes) {
    const version = versionOf(change);
    if (version === undefined || !isRegularFile({ name: '', ...version })) continue;
    texts.set(change.path, (await snapshot.blob(version.oid)).toString('latin1'));
  }
  return texts;
}

function changedRecords({ missing, added }: LineComparison): Finding[] {
  const now = new Map(added.map((line) => [recordOf(line)?.id, line]));
  const shown = missing.slice(0, MOST_FINDINGS).map((line) => {
    const id = recordOf(line)?.id;
    return changedRecord(line, id === undefined ? undefined : now.get(id));
  });
  const rest = missing.length - shown.length;
  if (rest === 0) return shown;
  const path = missing[MOST_FINDINGS]?.path ?? '';
  const message = `expected every known record, found ${rest} more that were changed or removed`;
  return [...shown, { path, severity: 'error', rule: 'record', message, hint: HINT }];
}

function changedRecord(was: SegmentLine, is: SegmentLine | undefined): Finding {
  const shared = { severity: 'error', rule: 'record', hint: HINT } as const;
  const id = showText(String(recordOf(was)?.id ?? 'that is none'));
  if (is === undefined) {
    const message = `expected the record ${id}, which is line ${was.line} on the base branch, found it removed`;
    return { path: was.path, ...shared, message };
  }
  const difference = firstDifference(recordOf(was) ?? {}, recordOf(is) ?? {});
  const place = { path: is.path, line: is.line, ...shared };
  if (difference === undefined)
    return { ...place, message: `expected the record ${id} byte for byte, found it written anew` };
  const { field, before, after } = difference;
  const message = `expected the record ${id} as it was recorded (${showValue(before)}), found ${showValue(after)}`;
  return { ...place, field: showPath([field]), message };
}

function firstDifference(was: Readonly<Record<string, unknown>>, is: Readonly<Record<string, unknown>>) {
  const fields = new Set([...Object.keys(was), ...Object.keys(is)]);
  const field = [...fields].find((name) => !isDeepStrictEqual(was[name], is[name]));
  return field === undefined ? undefined : { field, before: was[field], after: is[field] };
}

function recordOf({ text }: SegmentLine): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
