import type { Oid } from './repository.ts';

export interface CommitDraft {
  readonly tree: Oid;
  /** Explicit, always: a missing ref never turns into a root commit by accident. */
  readonly parents: readonly Oid[];
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly at: Date;
}

/** The raw commit object for a draft. */
export function commitBody(draft: CommitDraft): Buffer {
  const signature = signed(draft);
  const headers = [
    `tree ${draft.tree}`,
    ...draft.parents.map((parent) => `parent ${parent}`),
    `author ${signature}`,
    `committer ${signature}`,
  ];
  return Buffer.from(`${headers.join('\n')}\n\n${draft.message.trimEnd()}\n`);
}

/** An author line has one shape: whoever chose the name cannot end it early or add a header. */
function signed({ author, at }: CommitDraft): string {
  const [name, email] = [author.name, author.email].map((text) => text.replaceAll(/[<>\p{Cc}]/gu, '').trim());
  return `${name || 'Millwright'} <${email ?? ''}> ${Math.floor(at.getTime() / 1000)} +0000`;
}
