import type { CommitFacts, Signature } from '../bare-repository.ts';
import type { World } from '../world.ts';
import { nodeId, userView } from './user-view.ts';

export function commitView(world: World, origin: string, commit: CommitFacts): Record<string, unknown> {
  const repo = `${origin}/repos/${world.repository}`;
  const url = `${repo}/commits/${commit.oid}`;
  return {
    url,
    sha: commit.oid,
    node_id: nodeId('C', commit.oid),
    html_url: `${origin}/${world.repository}/commit/${commit.oid}`,
    comments_url: `${url}/comments`,
    commit: {
      url: `${repo}/git/commits/${commit.oid}`,
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${repo}/git/trees/${commit.tree}` },
      comment_count: 0,
      verification: {
        verified: false,
        reason: 'unsigned',
        signature: null,
        payload: null,
        verified_at: null,
      },
    },
    author: accountOf(origin, commit.author),
    committer: accountOf(origin, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${repo}/commits/${sha}`,
      html_url: `${origin}/${world.repository}/commit/${sha}`,
    })),
  };
}

/** GitHub knows an author by the address; others are nobody. */
function accountOf(origin: string, { email }: Signature): Record<string, unknown> | null {
  const [login = '', host = ''] = email.split('@');
  return host === 'users.noreply.github.com' ? userView(origin, login.replace(/^\d+\+/, '')) : null;
}
