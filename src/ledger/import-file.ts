import { basename } from 'node:path';
import { checkContract } from '../contracts/check-contract.ts';
import { faultPoint } from '../contracts/fault-point.ts';
import { describeIssue, type Issue, showText } from '../contracts/issue.ts';
import type { Kind } from '../contracts/kind.ts';
import type { Contract } from '../contracts/record.ts';
import { type Mapping, mapLine, unmappedFields } from './mapping.ts';
import { type ForeignLine, readLines } from './read-lines.ts';
import { recordContracts } from './record-contracts.ts';
import type { RecordIndex } from './record-index.ts';
import { recordingOptions } from './recording-options.ts';
import { RejectsFile } from './rejects-file.ts';
import type { Workspace } from './workspace.ts';

export interface ImportOptions {
  readonly file: string;
  readonly kind: Kind;
  readonly rules: Mapping;
  /** Where lines that fail go, with their reasons. Created only when there are any. */
  readonly rejectsFile: string;
  /** Lines a commit. Default 12,500, or fewer when they are long. */
  readonly batchLines?: number;
  onProgress?(report: ImportReport): void;
}

export interface ImportReport {
  lines: number;
  added: number;
  unchanged: number;
  failed: number;
  /** Foreign fields that the mapping does not take. */
  unmapped: string[];
  commits: number;
}

const BATCH_LINES = 12_500;
const BATCH_BYTES = 32_000_000;

/**
 * Streams a JSONL file into the history, a batch a commit. Lines that fail are written to a file with
 * their reasons; the rest go in. Ids are computed, so a second run, or one after a kill, adds only what is missing.
 */
export async function importFile(
  workspace: Workspace,
  index: RecordIndex,
  options: ImportOptions,
): Promise<ImportReport> {
  const run: Run = {
    workspace,
    index,
    options,
    report: { lines: 0, added: 0, unchanged: 0, failed: 0, unmapped: [], commits: 0 },
    unmapped: unmappedFields(options.rules),
    rejects: new RejectsFile(options.rejectsFile),
  };
  // The next batch is read while the last one is being published.
  let publishing: Promise<void> = Promise.resolve();
  try {
    for await (const batch of batches(run)) {
      await publishing;
      publishing = publishBatch(run, batch);
      // A failure is thrown by the next await; until then it must not count as unheard.
      publishing.catch(() => undefined);
    }
    await publishing;
  } finally {
    await publishing.catch(() => undefined);
    await run.rejects.close();
  }
  return run.report;
}

interface Run {
  readonly workspace: Workspace;
  readonly index: RecordIndex;
  readonly options: ImportOptions;
  readonly report: ImportReport;
  readonly unmapped: (foreign: unknown) => string[];
  readonly rejects: RejectsFile;
}

interface Numbered {
  readonly line: ForeignLine;
  readonly contract: Contract;
}

async function* batches(run: Run): AsyncGenerator<Numbered[]> {
  const most = run.options.batchLines ?? BATCH_LINES;
  let batch: Numbered[] = [];
  let bytes = 0;
  for await (const lines of readLines(run.options.file, run.workspace.settings.limits.contract_bytes)) {
    for (const line of lines) {
      const contract = await readLine(run, line);
      if (contract === undefined) continue;
      bytes += line.bytes;
      if (batch.push({ line, contract }) < most && bytes < BATCH_BYTES) continue;
      yield batch;
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

/** undefined for an empty line, and for one that failed. */
async function readLine(run: Run, line: ForeignLine): Promise<Contract | undefined> {
  run.report.lines += 1;
  if (line.problem === undefined && line.text.trim() === '') return undefined;
  const read = line.problem === undefined ? toContract(run, line.text) : [line.problem];
  if ('id' in read) return read;
  await fail(run, line, read);
  return undefined;
}

function toContract({ options, report, unmapped }: Run, text: string): Contract | readonly Issue[] {
  let foreign: unknown;
  try {
    foreign = JSON.parse(text);
  } catch (error) {
    const found = showText(error instanceof Error ? error.message : 'something else');
    return [{ field: '', expected: 'one JSON object', found }];
  }
  report.unmapped.push(...unmapped(foreign));
  const mapped = mapLine(options.rules, options.kind.name, foreign);
  if (mapped.issues.length > 0) return mapped.issues;
  const checked = checkContract(
    options.kind,
    { data: mapped.data },
    { id: String(mapped.data.id), source: `import:${basename(options.file)}` },
  );
  return checked.ok ? checked.contract : checked.issues;
}

async function publishBatch(run: Run, batch: readonly Numbered[]): Promise<void> {
  const { workspace, index, options, report } = run;
  const contracts = batch.map(({ contract }) => contract);
  const subject = `Import ${batch.length} lines of ${basename(options.file)} as ${options.kind.name}`;
  const done = await workspace.log.transact({ subject }, async (snapshot) => {
    const recording = await recordContracts(snapshot, contracts, recordingOptions(workspace, index));
    return { edits: recording.edits, value: recording };
  });
  await faultPoint('import:batch-published');
  report.added += done.value.added.length;
  report.commits += done.commit === null ? 0 : 1;
  for (const [at, { line }] of batch.entries()) {
    const known = done.value.known[at];
    if (known === 'same') report.unchanged += 1;
    if (known === 'other') await fail(run, line, [otherContent]);
  }
  options.onProgress?.(report);
}

const otherContent: Issue = {
  field: 'id',
  expected: 'a line of its own, or one that is recorded already',
  found: 'other content under the same computed id',
};

async function fail(run: Run, { number, text }: ForeignLine, issues: readonly Issue[]): Promise<void> {
  run.report.failed += 1;
  const reasons = issues.map((issue) => describeIssue(`line ${number}`, issue));
  await run.rejects.add(`${JSON.stringify({ line: number, reasons, input: text.slice(0, 100_000) })}\n`);
}
