import { gitText } from '../git/program.ts';
import type { CellCommit, CellEvidence, EvidencePlace } from './evidence.ts';
import { readObjects } from './read-objects.ts';

/** Every cell with all of its commits. Four processes, however many cells. */
export async function readCells(place: EvidencePlace): Promise<CellEvidence[]> {
  const refs = await readRefs(place);
  const parents = await readParents(place, refs);
  const lines = refs.map(({ slot, tip }) => ({ slot, tip, line: lineOf(tip, parents) }));
  const asked = lines.flatMap(({ slot, line }) =>
    line.map((commit) => `${commit}:queue/claims/${slot}.json`),
  );
  const contents: (string | undefined)[] = [];
  await readObjects(asked, place.run, (at, content) => {
    contents[at] = content?.toString('utf8');
  });
  let at = 0;
  return lines.map(({ slot, tip, line }) => {
    const commits = line.map(
      (commit): CellCommit => ({ commit, parents: parents.get(commit) ?? [], content: contents[at++] }),
    );
    return { slot, tip, commits: commits.reverse() };
  });
}

interface CellRef {
  readonly slot: string;
  readonly tip: string;
  readonly type: string;
}

async function readRefs({ run, cells }: EvidencePlace): Promise<CellRef[]> {
  const format = '--format=%(objecttype) %(objectname) %(refname)';
  const lines = (await gitText(['for-each-ref', format, cells], run)).split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [type = '', tip = '', ref = ''] = line.split(' ');
      return { slot: ref.slice(cells.length), tip, type };
    });
}

/** The parents of every commit that a cell can reach. What is no commit reaches none. */
async function readParents(
  { run }: EvidencePlace,
  refs: readonly CellRef[],
): Promise<Map<string, readonly string[]>> {
  const tips = refs.filter(({ type }) => type === 'commit').map(({ tip }) => `${tip}\n`);
  if (tips.length === 0) return new Map();
  const text = await gitText(['rev-list', '--parents', '--stdin'], { ...run, input: tips.join('') });
  return new Map(
    text.split('\n').map((line) => {
      const [commit = '', ...parents] = line.split(' ');
      return [commit, parents];
    }),
  );
}

/** By first parents, newest first. */
function lineOf(tip: string, parents: ReadonlyMap<string, readonly string[]>): string[] {
  const line: string[] = [];
  for (let at: string | undefined = tip; at !== undefined && parents.has(at); at = parents.get(at)?.[0])
    line.push(at);
  return line;
}
