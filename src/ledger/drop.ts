import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { newId } from '../contracts/ids.ts';
import { describeIssue, type Issue } from '../contracts/issue.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { codeOf } from '../git/process-lock.ts';
import { isIgnoredName } from './inbox-file.ts';
import { judgeBytes, tooBig } from './judge-file.ts';
import { INBOX_SPACE } from './list-inbox.ts';
import { INBOX } from './paths.ts';
import type { Workspace } from './workspace.ts';

export interface Drop {
  /** Path of the file, for messages; its ending says the format. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly kind: string;
  /** True: straight to the remote, as a cell. False: into this checkout's inbox. */
  readonly push: boolean;
}

export interface Dropped {
  readonly id: string;
  readonly path: string;
  readonly place: 'inbox' | 'cell';
}

/** Puts a valid contract into the inbox. Throws `bad-contract` with every problem, and takes nothing then. */
export async function dropContract(workspace: Workspace, drop: Drop): Promise<Dropped> {
  const limit = workspace.settings.limits.contract_bytes;
  if (drop.bytes.length > limit) throw badContract(drop.file, [tooBig(drop.bytes.length, limit)]);
  const extension = extname(drop.file).toLowerCase();
  const judged = judgeBytes(
    drop.bytes,
    drop.kind,
    `${newId(workspace.clock.now())}${extension}`,
    `drop:${basename(drop.file)}`,
  );
  if (!judged.ok) throw badContract(drop.file, judged.issues);
  const { id } = judged.contract;
  const path = `${INBOX}/${drop.kind}/${fileName(workspace, id, extension)}`;
  // A bare repository has no folder that anybody looks into.
  const place = drop.push || workspace.repository.bare ? 'cell' : 'inbox';
  if (place === 'cell') await sendCell(workspace, path, id, drop);
  else await placeFile(join(workspace.root, path), id, drop.bytes);
  return { id, path, place };
}

/** An id may read like a file that the inbox does not look at. */
function fileName(workspace: Workspace, id: string, extension: string): string {
  const name = `${id}${extension}`;
  return isIgnoredName(name) ? `${newId(workspace.clock.now())}${extension}` : name;
}

function badContract(file: string, issues: readonly Issue[]): MillwrightError {
  const hint = issues.find((issue) => issue.hint !== undefined)?.hint;
  return new MillwrightError('bad-contract', issues.map((issue) => describeIssue(file, issue)).join('\n'), {
    ...(hint === undefined ? {} : { hint }),
    data: { file, issues },
  });
}

/** Complete from the first moment: a runner that watches never sees half of it. Never over another contract. */
async function placeFile(path: string, id: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  await writeFile(temporary, bytes, { flush: true });
  try {
    await link(temporary, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (!(await readFile(path)).equals(bytes)) throw idTaken(id);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function sendCell(workspace: Workspace, path: string, id: string, drop: Drop): Promise<void> {
  const next = { path, content: drop.bytes, subject: `Drop ${drop.kind} ${id}` };
  const [verdict] = await workspace.cells.swap(
    [{ space: INBOX_SPACE, id: `${drop.kind}/${id}`, expected: null, next }],
    'intake',
  );
  const same = verdict?.result === 'taken' && verdict.by !== null && verdict.by.content.equals(drop.bytes);
  if (verdict?.result !== 'swapped' && !same) throw idTaken(id);
}

function idTaken(id: string): MillwrightError {
  return new MillwrightError('id-taken', `another contract waits under the id ${id}`, {
    hint: 'drop it under a new id, or remove the one that waits first',
    data: { id },
  });
}
