import type { BareRepository } from './bare-repository.ts';
import type { Committer } from './merge-commit.ts';

export interface CommitDraft {
  /** Full name of the ref that is moved, also backwards. */
  readonly ref: string;
  readonly parent: string;
  readonly files: Readonly<Record<string, string>>;
  readonly message: string;
  readonly who: Committer;
}

/** A person's commit, straight into a bare repository. One process. */
export async function writeCommit(git: BareRepository, draft: CommitDraft): Promise<void> {
  const { login, now } = draft.who;
  const lines = [
    `commit ${draft.ref}`,
    `committer ${login} <${login}@users.noreply.github.com> ${Math.floor(now.getTime() / 1000)} +0000`,
    block(draft.message),
    `from ${draft.parent}`,
    ...Object.entries(draft.files).map(([path, text]) => `M 100644 inline ${quoted(path)}\n${block(text)}`),
    '',
  ];
  await git.run(['fast-import', '--quiet', '--force', '--date-format=raw'], { input: lines.join('\n') });
}

function block(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

/** In C style: a path may hold anything. */
function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
