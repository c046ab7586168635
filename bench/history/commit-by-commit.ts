import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Oid } from '../../src/git/repository.ts';
import type { Home } from '../queue/home.ts';
import { LooseBlobs } from './loose-blobs.ts';
import { layOut, type WrittenHistory } from './write-history.ts';

/** The same records as they came in: some at a time, each time a commit. */
export interface CommittedHistory {
  readonly root: string;
  readonly commits: number;
  /** Some of the commits, oldest first, and how many outcomes there were. */
  readonly marks: readonly Mark[];
}

export interface Mark {
  readonly commit: string;
  readonly outcomes: number;
}

/** A commit appends to one segment: what it then holds. */
interface Step {
  readonly kind: string;
  readonly path: string;
  readonly content: Buffer;
  readonly records: number;
  readonly at: string;
}

interface StoredStep extends Omit<Step, 'content'> {
  readonly oid: Oid;
}

/** At which shares of the history there is a mark. */
const MARKS = [0.25, 0.5, 0.7, 0.9];

/** A segment has as many versions in git as there were commits that wrote to it, as with the engine's own commits. */
export async function commitByCommit(
  home: Home,
  history: WrittenHistory,
  wanted: number,
): Promise<CommittedHistory> {
  const root = await layOut(home, 'commit-by-commit');
  const first = (await home.must('git', ['rev-parse', 'main^{tree}'], root)).stdout.trim();
  const steps = await store(root, inOrder(history, Math.floor(history.records / wanted)));
  await home.must('git', ['fast-import', '--quiet', '--force'], root, commitStream(steps, first));
  await home.must('git', ['reset', '-q', '--hard'], root);
  const all = (await home.must('git', ['rev-list', '--reverse', 'main'], root)).stdout.trim().split('\n');
  const marks = MARKS.map((share) => {
    const nth = Math.floor(steps.length * share);
    return { commit: all[nth] ?? '', outcomes: outcomesIn(steps.slice(0, nth + 1)) };
  });
  return { root, commits: all.length, marks };
}

async function store(root: string, steps: Iterable<Step>): Promise<StoredStep[]> {
  const blobs = new LooseBlobs(root);
  const stored: StoredStep[] = [];
  for (const { content, ...step } of steps) stored.push({ ...step, oid: await blobs.put(content) });
  await blobs.finish();
  return stored;
}

/** Kinds side by side, by the time of what they bring. */
function* inOrder({ root, counts }: WrittenHistory, size: number): Generator<Step> {
  const streams = [...counts.keys()].map((kind) => stepsOf(root, kind, size));
  let heads = streams.flatMap(headOf);
  while (heads.length > 0) {
    const first = heads.reduce((earliest, head) => (head.step.at < earliest.step.at ? head : earliest));
    yield first.step;
    heads = heads.flatMap((head) => (head === first ? headOf(head.stream) : [head]));
  }
}

function headOf(stream: Generator<Step>): { stream: Generator<Step>; step: Step }[] {
  const { done, value } = stream.next();
  return done === true ? [] : [{ stream, step: value }];
}

function* stepsOf(root: string, kind: string, size: number): Generator<Step> {
  const folder = `state/${kind}`;
  for (const month of readdirSync(join(root, folder)).sort()) {
    for (const name of readdirSync(join(root, folder, month)).sort()) {
      const path = `${folder}/${month}/${name}`;
      yield* stepsOfSegment(kind, path, readFileSync(join(root, path)), size);
    }
  }
}

function* stepsOfSegment(kind: string, path: string, whole: Buffer, size: number): Generator<Step> {
  let [records, start] = [0, 0];
  for (let end = 0; end < whole.length; start = end) {
    end = whole.indexOf(10, start) + 1;
    records += 1;
    if (records < size && end < whole.length) continue;
    const last = whole.toString('utf8', start, end);
    yield { kind, path, content: whole.subarray(0, end), records, at: recordedAt(last) };
    records = 0;
  }
}

function recordedAt(line: string): string {
  return /"recorded_at":"([^"]+)"/.exec(line)?.[1] ?? '';
}

/** Text for `git fast-import`, a commit a step. */
function* commitStream(steps: readonly StoredStep[], firstTree: Oid): Generator<string> {
  // The branch starts anew on what was laid out, so that no commit is younger than the one after it.
  let base = `M 040000 ${firstTree} \n`;
  for (const { path, oid, at } of steps) {
    const seconds = Math.floor(Date.parse(at) / 1_000);
    const head = `commit refs/heads/main\ncommitter Millwright <millwright@localhost> ${seconds} +0000\n`;
    yield `${head}data 6\nRecord\n${base}M 100644 ${oid} ${path}\n\n`;
    base = '';
  }
}

function outcomesIn(steps: readonly StoredStep[]): number {
  return steps.reduce((sum, { kind, records }) => sum + (kind === 'outcome' ? records : 0), 0);
}
