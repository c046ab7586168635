import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Home } from '../queue/home.ts';
import { LooseBlobs } from './loose-blobs.ts';
import { type SyntheticSegment, syntheticHistory } from './synthetic-history.ts';

/** A workspace with a history in it, committed and checked out. */
export interface WrittenHistory {
  readonly root: string;
  readonly records: number;
  /** Records of each kind. */
  readonly counts: ReadonlyMap<string, number>;
  readonly segments: number;
  readonly bytes: number;
}

export const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** A repository as `millwright init` lays it out. Nothing collects garbage while we measure. */
export async function layOut(home: Home, name: string): Promise<string> {
  const root = join(home.dir, name);
  await mkdir(root);
  await home.must('git', ['init', '-q', '-b', 'main', '--template='], root);
  for (const key of ['gc.auto', 'maintenance.auto']) await home.must('git', ['config', key, '0'], root);
  await home.must(process.execPath, [cli, 'init'], root);
  return root;
}

export async function writeHistory(home: Home, records: number, seed: number): Promise<WrittenHistory> {
  const root = await layOut(home, `history-${records}`);
  const counts = new Map<string, number>();
  const blobs = new LooseBlobs(root);
  const files: string[] = [];
  let bytes = 0;
  for (const segment of syntheticHistory(records, seed)) {
    const content = Buffer.from(segment.text);
    files.push(`M 100644 ${await blobs.put(content)} ${segment.path}\n`);
    counts.set(segment.kind, (counts.get(segment.kind) ?? 0) + segment.records);
    bytes += content.length;
  }
  await blobs.finish();
  const head = `commit refs/heads/main\ncommitter Bench <bench@example.invalid> now\ndata 6\nRecord\n`;
  const stream = [`${head}from refs/heads/main^0\n`, ...files];
  await home.must('git', ['fast-import', '--quiet', '--date-format=now'], root, stream);
  await home.must('git', ['reset', '-q', '--hard'], root);
  return { root, records, counts, segments: files.length, bytes };
}

/** As a pass would: the file, and a commit with it. */
export async function commitSegment(
  home: Home,
  root: string,
  { path, text }: SyntheticSegment,
): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  await home.must('git', ['add', path], root);
  await home.must('git', ['commit', '-q', '-m', 'Record'], root);
}
