import { stringify } from 'yaml';
import { z } from 'zod';
import { parseFrontMatter } from '../contracts/front-matter.ts';
import type { Oid } from '../git/repository.ts';
import type { ForgeProposal, ProposalDraft } from './forge.ts';

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

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
/** It goes to git as an argument: what is no commit id names no commit. */
const commitId = text.transform((id) => (/^[0-9a-f]{40}$/.test(id) ? id : ''));
const front = z.object({
  id: text,
  title: text,
  state: text.default('open'),
  reason: text.nullish(),
  head: commitId,
  opened_at: text,
});

/** undefined for a page that a person has made unreadable: it is then written anew. */
export function readProposalPage(page: string): ForgeProposal | undefined {
  const lines = page.replace(/^\u{feff}/u, '').replaceAll('\r\n', '\n');
  const read = parseFrontMatter(lines);
  const parsed = front.safeParse(read.ok ? read.data : plainFields(lines));
  if (!parsed.success) return undefined;
  const { id, title, head, opened_at: openedAt } = parsed.data;
  const reason = parsed.data.reason?.trim() ?? '';
  return {
    id,
    title,
    state: isNo(parsed.data.state) ? 'closed' : 'open',
    head,
    openedAt,
    body: read.ok ? read.body : '',
    ...(reason === '' ? {} : { reason }),
  };
}

/** People write the state by hand. A word that is no clear "no" leaves the proposal open. */
function isNo(state: string): boolean {
  return /^\s*(?:closed?|reject(?:ed)?|declined?|refused?)\s*$/i.test(state);
}

/** A reason with a colon in it is no valid YAML; a "no" must not be lost over that. */
function plainFields(lines: string): Record<string, string> {
  const block = /^---\n(.*?)\n---\n/s.exec(lines)?.[1] ?? '';
  const fields = [...block.matchAll(/^([a-z_]+): *(.*)$/gm)];
  return Object.fromEntries(fields.map(([, key, value]) => [key ?? '', unquoted(value ?? '')]));
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value.trim())?.[2] ?? value.trim();
}
