import { stringify } from 'yaml';
import { z } from 'zod';
import { parseFrontMatter } from '../contracts/front-matter.ts';
import type { Oid } from '../git/repository.ts';
import type { ForgeProposal, ProposalDraft } from './forge.ts';

const front = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['open', 'closed']).default('open'),
  reason: z.string().optional(),
  head: z.string(),
  opened_at: z.string(),
});

/** The page of a proposal in the local forge: front matter for Millwright, markdown for people. */
export function writeProposalPage(draft: ProposalDraft, head: Oid, openedAt: string): string {
  const fields = {
    id: draft.id,
    title: draft.title,
    state: 'open',
    branch: draft.id,
    head,
    opened_at: openedAt,
    files: draft.files.map(({ path }) => path),
  };
  return `---\n${stringify(fields, { lineWidth: 0 })}---\n\n${draft.body.trim()}\n`;
}

/** undefined for a page that a person has made unreadable: it is then written anew. */
export function readProposalPage(text: string): ForgeProposal | undefined {
  const read = parseFrontMatter(text.replaceAll('\r\n', '\n'));
  if (!read.ok) return undefined;
  const parsed = front.safeParse(read.data);
  if (!parsed.success) return undefined;
  const { id, title, state, reason, head, opened_at: openedAt } = parsed.data;
  return { id, title, state, head, openedAt, body: read.body, ...(reason === undefined ? {} : { reason }) };
}
