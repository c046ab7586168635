import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { checkContract } from '../contracts/check-contract.ts';
import { faultPoint } from '../contracts/fault-point.ts';
import { describeIssue, type Issue } from '../contracts/issue.ts';
import type { Kind } from '../contracts/kind.ts';
import type { Contract } from '../contracts/record.ts';
import { type Mapping, mapLine, unmappedFields } from './mapping.ts';
import { recordContracts } from './record-contracts.ts';
import type { RecordIndex } from './record-index.ts';
import type { Workspace } from './workspace.ts';

export interface ImportOptions {
  readonly file: string;
  readonly kind: Kind;
  readonly rules: Mapping;
  /** Where lines that fail go, with their reasons. Created only when there are any. */
  readonly rejectsFile: string;
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

const BATCH_LINES = 25_000;

/**
 * Streams a JSONL file into the history, a batch a commit. Lines that fail are written to a file with
 * their reasons; the rest go in. Ids are computed, so a second run, or one after a kill, adds only what is missing.
 */
export async function importFile(
  workspace: Workspace,
  index: RecordIndex,
  options: ImportOptions,
): Promise<ImportReport> {
  const report: ImportReport = { lines: 0, added: 0, unchanged: 0, failed: 0, unmapped: [], commits: 0 };
  const rejects = lazyFile(options.rejectsFile);
  let batch: Numbered[] = [];
  // The next batch is read while the last one is being published.
  let publishing: Promise<void> = Promise.resolve();
  const flush = async (): Promise<void> => {
    await publishing;
    const full = batch;
    batch = [];
    publishing = publishBatch(workspace, index, options, full, report, rejects);
  };

  const lines = createInterface({
    input: createReadStream(options.file),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  try {
    for await (const line of lines) {
      report.lines += 1;
      if (line.trim() === '') continue;
      const read = readLine(workspace, options, line.replace(/^\uFEFF/, ''), report);
      if ('contract' in read) batch.push({ number: report.lines, line, contract: read.contract });
      else await fail(rejects, report, report.lines, line, read.issues);
      if (batch.length >= BATCH_LINES) await flush();
    }
    await flush();
    await publishing;
  } finally {
    // A failed publish is thrown by the await above; here it must only not go unheard.
    await publishing.catch(() => undefined);
    await rejects.close();
  }
  return report;
}

interface Numbered {
  readonly number: number;
  readonly line: string;
  readonly contract: Contract;
}

function readLine(
  workspace: Workspace,
  options: ImportOptions,
  line: string,
  report: ImportReport,
): { contract: Contract } | { issues: readonly Issue[] } {
  const limit = workspace.settings.limits.contract_bytes;
  if (line.length > limit)
    return { issues: [{ field: '', expected: `at most ${limit} bytes`, found: `${line.length}` }] };
  let foreign: unknown;
  try {
    foreign = JSON.parse(line);
  } catch (error) {
    return {
      issues: [
        {
          field: '',
          expected: 'one JSON object',
          found: error instanceof Error ? error.message : 'something else',
        },
      ],
    };
  }
  if (report.lines <= 100 && report.unmapped.length === 0)
    report.unmapped = unmappedFields(options.rules, foreign);
  const mapped = mapLine(options.rules, options.kind.name, foreign);
  if (mapped.issues.length > 0) return { issues: mapped.issues };
  const id = String(mapped.data.id);
  const checked = checkContract(
    options.kind,
    { data: mapped.data },
    { id, source: `import:${basename(options.file)}` },
  );
  return checked.ok ? { contract: checked.contract } : { issues: checked.issues };
}

async function publishBatch(
  workspace: Workspace,
  index: RecordIndex,
  options: ImportOptions,
  batch: readonly Numbered[],
  report: ImportReport,
  rejects: LazyFile,
): Promise<void> {
  if (batch.length === 0) return;
  const contracts = batch.map(({ contract }) => contract);
  const subject = `Import ${batch.length} lines of ${basename(options.file)} as ${options.kind.name}`;
  const done = await workspace.log.transact({ subject }, async (snapshot) => {
    const recording = await recordContracts(snapshot, contracts, {
      index,
      recordedAt: workspace.clock.now(),
      segmentBytes: workspace.settings.limits.segment_bytes,
    });
    return { edits: recording.edits, value: recording };
  });
  await faultPoint('import:batch-published');
  report.added += done.value.added.length;
  report.commits += done.commit === null ? 0 : 1;
  for (const [at, { number, line }] of batch.entries()) {
    const known = done.value.known[at];
    if (known === 'same') report.unchanged += 1;
    if (known === 'other') await fail(rejects, report, number, line, [otherContent]);
  }
  options.onProgress?.(report);
}

const otherContent: Issue = {
  field: 'id',
  expected: 'a line of its own, or one that is recorded already',
  found: 'other content under the same computed id',
};

async function fail(
  rejects: LazyFile,
  report: ImportReport,
  number: number,
  line: string,
  issues: readonly Issue[],
): Promise<void> {
  report.failed += 1;
  const reasons = issues.map((issue) => describeIssue(`line ${number}`, issue));
  await rejects.write(`${JSON.stringify({ line: number, reasons, input: line.slice(0, 100_000) })}\n`);
}

interface LazyFile {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

function lazyFile(path: string): LazyFile {
  let stream: WriteStream | undefined;
  return {
    write: async (text) => {
      stream ??= createWriteStream(path);
      const open = stream;
      if (!open.write(text)) await new Promise<void>((resolve) => open.once('drain', () => resolve()));
    },
    close: () =>
      new Promise((resolve, reject) => {
        if (stream === undefined) return resolve();
        stream.on('error', reject);
        stream.end(() => resolve());
      }),
  };
}
