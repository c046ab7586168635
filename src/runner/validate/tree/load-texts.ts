import { PERSONAS, PROMPTS } from '../../../ledger/paths.ts';
import type { Finding } from '../finding.ts';
import { issueFinding } from '../issue-finding.ts';
import type { DiskBlob } from './disk-snapshot.ts';
import { readDiskFile } from './read-disk-file.ts';

export interface Texts {
  readonly blobs: ReadonlyMap<string, DiskBlob>;
  readonly findings: readonly Finding[];
}

/** Nobody wrote a persona or a prompt of this size; whoever parses it takes its time. */
const LIMIT_BYTES = 1_000_000;
/** More than these are not held in memory. */
const MOST_FILES = 2_000;

/** Reads personas and prompts as they lie on the disk. What can be none is named, and left out. */
export async function loadTexts(root: string, files: readonly string[]): Promise<Texts> {
  const blobs = new Map<string, DiskBlob>();
  const findings: Finding[] = [];
  for (const folder of [PERSONAS, PROMPTS]) {
    const wanted = files.filter((path) => path === folder || path.startsWith(`${folder}/`));
    for (const path of wanted.slice(0, MOST_FILES)) await loadOne(root, path, blobs, findings);
    if (wanted.length > MOST_FILES) findings.push(tooMany(folder, wanted.length));
  }
  return { blobs, findings };
}

async function loadOne(
  root: string,
  path: string,
  blobs: Map<string, DiskBlob>,
  findings: Finding[],
): Promise<void> {
  const file = await readDiskFile(root, path, LIMIT_BYTES);
  if (file.shape === 'gone') return;
  if (file.shape === 'file') blobs.set(path, { mode: '100644', content: file.content });
  else findings.push(notReadable(path, file.shape === 'too-big' ? `${file.bytes} bytes` : file.shape));
}

function ruleOf(path: string): string {
  return path.split('/')[0] === PERSONAS ? 'persona' : 'prompt';
}

function notReadable(path: string, found: string): Finding {
  const issue = { field: '', expected: `a regular file of at most ${LIMIT_BYTES} bytes`, found };
  return issueFinding(
    ruleOf(path),
    path,
    issue,
    'put the file itself there: links and large files are not read',
  );
}

function tooMany(folder: string, found: number): Finding {
  const issue = { field: '', expected: `at most ${MOST_FILES} files`, found: String(found) };
  return issueFinding(
    ruleOf(folder),
    folder,
    issue,
    'keep other files elsewhere: only the first ones were checked',
  );
}
