import { openPulls, proposalPulls, type Story } from './story.ts';
import { capProblems } from './watch-caps.ts';

/** Looks at GitHub after every step. What it finds is wrong at that moment, whatever becomes of it later. */
export interface Watch {
  look(): Promise<string[]>;
}

export function watchStory(story: Story): Watch {
  let lastNumber = 0;
  const heads = new Map<string, string>();
  return {
    look: async () => {
      const fresh = proposalPulls(story).filter(({ number }) => number > lastNumber);
      lastNumber = Math.max(lastNumber, ...fresh.map(({ number }) => number));
      return [...twins(story), ...capProblems(story, fresh), ...(await lostCommits(story, heads))];
    },
  };
}

/** Two open pull requests from one branch. */
function twins(story: Story): string[] {
  const open = openPulls(story).map(({ head }) => head);
  return open.filter((head, at) => open.indexOf(head) !== at).map((head) => `${head} is open twice`);
}

/** Commits of people that their branch has lost, and the base has not got. Asked where a branch has moved. */
async function lostCommits(story: Story, heads: Map<string, string>): Promise<string[]> {
  const { bare, github } = story.place;
  const refs = await bare.git('for-each-ref', '--format=%(refname:short) %(objectname)', 'refs/heads');
  const now = new Map(refs.split('\n').map((line) => line.split(' ') as [string, string]));
  const lost: string[] = [];
  for (const { oid, branch, number, givenUp } of story.handCommits) {
    const head = now.get(branch);
    if (givenUp !== undefined || heads.get(oid) === (head ?? '')) continue;
    heads.set(oid, head ?? '');
    const pull = github.pulls().find((other) => other.number === number);
    // What GitHub has merged is in the base, squashed or not.
    const isThere = head !== undefined && (await reaches(story, head, oid));
    if (!isThere && !(pull?.merged === true && (await reaches(story, pull.headSha, oid))))
      lost.push(`the commit ${oid} of a person is gone from ${branch} (#${number})`);
  }
  return lost;
}

async function reaches({ place: { bare } }: Story, head: string, oid: string): Promise<boolean> {
  return (await bare.gitCode('merge-base', '--is-ancestor', oid, head)).code === 0;
}
