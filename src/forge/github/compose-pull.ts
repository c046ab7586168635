import { ownersOf } from '../../git/owners-of.ts';
import type { Oid } from '../../git/repository.ts';
import type { ProposalDraft } from '../forge.ts';
import { bodyLength, LONGEST_BODY } from './body/body-length.ts';
import { fitBody } from './body/fit-body.ts';
import { fitTitle } from './body/fit-title.ts';
import { plainText } from './body/plain-text.ts';
import type { ProposalMarker } from './body/proposal-marker.ts';
import { type PullBody, withoutNotes, writePullBody } from './body/pull-body.ts';
import { textSum } from './body/text-sum.ts';
import type { Desk } from './desk.ts';

/** The words of a pull request as Millwright writes them. */
export interface ComposedPull extends PullBody {
  readonly title: string;
  readonly marker: ProposalMarker;
}

export async function composePull(desk: Desk, draft: ProposalDraft, head: Oid): Promise<ComposedPull> {
  const title = fitTitle(draft.title);
  const foot = footOf(await ownersOfDraft(desk, draft));
  const id = draft.id;
  const base = desk.workspace.settings.base_branch;
  const blank = { id, head, base, title: textSum(title), text: textSum(''), settled: CLOSED_AT };
  const around = bodyLength(writePullBody({ text: '', foot, marker: blank }));
  const room = LONGEST_BODY - around - 4;
  const text = fitBody(withoutNotes(plainText(draft.body)), room, patchFolder(desk));
  const marker = { id, head, base, title: textSum(title), text: textSum(text) };
  return { title, text, foot, marker };
}

/** As long as any that GitHub says. */
const CLOSED_AT = '2026-01-01T00:00:00.000Z';

/** Sorted, each once. GitHub asks them for a review by itself. */
export async function ownersOfDraft(desk: Desk, { files }: Pick<ProposalDraft, 'files'>): Promise<string[]> {
  const text = await desk.codeowners();
  return [...new Set(files.flatMap(({ path }) => ownersOf(text, path)))].sort((a, b) => (a < b ? -1 : 1));
}

/** As code: they are shown and not told a second time. */
function footOf(owners: readonly string[]): string {
  if (owners.length === 0) return '';
  const shown = owners.slice(0, 20).map((owner) => `\`${owner.slice(0, 100)}\``);
  return `Owners of the changed files: ${shown.join(', ')}${owners.length > 20 ? ' and others' : ''}.`;
}

/** Where the records of all patches are. */
function patchFolder({ client, workspace }: Desk): string {
  const branch = workspace.settings.ledger_branch.split('/').map(encodeURIComponent).join('/');
  return `${client.repository.webUrl}/tree/${branch}/state/patch`;
}
