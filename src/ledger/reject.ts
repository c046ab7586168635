import type { Issue } from '../contracts/issue.ts';
import { findSecret } from '../contracts/secrets.ts';
import type { Edit } from '../git/edit.ts';
import type { Snapshot } from '../git/snapshot.ts';
import { errorPage } from './error-page.ts';
import type { InboxFile } from './inbox-file.ts';
import { RejectedPlaces } from './rejected-places.ts';

export interface Rejection {
  readonly file: InboxFile;
  readonly issues: readonly Issue[];
}

export interface RejectPlan extends Rejection {
  readonly edits: readonly Edit[];
  /** Where the file itself goes. */
  readonly path: string;
  /** True when it must not be committed: it stays on this machine and git does not see it. */
  readonly local: boolean;
}

/**
 * Plans the move of refused files to `queue/rejected/`: each file as it came, and a page that says why.
 * A file that is too big for a commit, or that holds a secret, is not committed, unless somebody did that already.
 */
export async function planRejections(
  snapshot: Snapshot,
  rejections: readonly Rejection[],
  at: Date,
): Promise<RejectPlan[]> {
  const places = new RejectedPlaces(snapshot);
  const plans: RejectPlan[] = [];
  for (const rejection of rejections) plans.push(await planRejection(places, rejection, at));
  return plans;
}

async function planRejection(places: RejectedPlaces, rejection: Rejection, at: Date): Promise<RejectPlan> {
  const { file } = rejection;
  const issues = [...rejection.issues, ...(await hiddenSecret(rejection))];
  const local = file.place !== 'committed' && issues.some(({ keepOut }) => keepOut !== undefined);
  const { path, page } = await places.take(file, local);
  const edits: Edit[] = [{ put: page, content: errorPage({ file, issues, path, local, at }) }];
  if (!local && file.shape !== 'submodule') edits.push(await placing(path, file));
  if (file.place === 'committed') edits.push({ remove: file.path });
  return { file, issues, edits, path, local };
}

/** A file that cannot be read as a contract, or has a comment, may hold a secret that no field shows. */
async function hiddenSecret({ file, issues }: Rejection): Promise<Issue[]> {
  if (file.place === 'committed' || issues.some(({ keepOut }) => keepOut !== undefined)) return [];
  // Zeros are left out: then the letters of UTF-16 stand side by side.
  const secret = findSecret((await file.read()).toString('latin1').replaceAll('\0', ''));
  if (secret === undefined) return [];
  const hint = 'take it out and drop the contract again; treat the token as leaked if the file was shared';
  return [{ field: '', expected: 'no secrets', found: `what looks like ${secret}`, hint, keepOut: 'secret' }];
}

async function placing(path: string, file: InboxFile): Promise<Edit> {
  if (file.place === 'committed') return { put: path, oid: file.oid };
  return { put: path, content: await file.read() };
}
