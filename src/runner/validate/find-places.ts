import type { Settings } from '../../contracts/settings.ts';
import { gitText } from '../../git/program.ts';
import type { Oid } from '../../git/repository.ts';
import { SLOT_SPACE } from '../../queue/paths.ts';

/** What this clone has of the workspace's refs. Nobody else is asked: the gate works offline. */
export interface Places {
  /** Tips of the ledger branch: as the remote had it when it was last fetched, then the local one. */
  readonly ledgers: readonly Oid[];
  /** The commit of each slot's cell, as far as cells are here. */
  readonly cells: ReadonlyMap<string, Oid>;
}

/** @param trusted false: only what was fetched counts; a local branch may be what is being judged */
export async function findPlaces(root: string, settings: Settings, trusted: boolean): Promise<Places> {
  const { ledger_branch: branch, ref_namespace: namespace, remote = 'origin' } = settings;
  const fetched = remote === false ? [] : [`refs/remotes/${remote}/${branch}`];
  const ledgers = [...fetched, ...(trusted || remote === false ? [`refs/heads/${branch}`] : [])];
  const spaces = [`${namespace}/${SLOT_SPACE}/`, ...remoteSpaces(namespace, remote)];
  const refs = await readRefs(root, [...ledgers, ...spaces]);
  const cells = [...refs].flatMap(([ref, oid]) => {
    const space = spaces.find((prefix) => ref.startsWith(prefix));
    return space === undefined ? [] : [[ref.slice(space.length), oid] as const];
  });
  return { ledgers: ledgers.flatMap((ref) => refs.get(ref) ?? []), cells: new Map(cells) };
}

/** Cells that are branches come along with a fetch of all branches. */
function remoteSpaces(namespace: string, remote: string | false): string[] {
  if (remote === false || !namespace.startsWith('refs/heads/')) return [];
  return [`refs/remotes/${remote}/${namespace.slice('refs/heads/'.length)}/${SLOT_SPACE}/`];
}

async function readRefs(root: string, patterns: readonly string[]): Promise<Map<string, Oid>> {
  const format = '--format=%(objectname) %(refname)';
  const text = await gitText(['for-each-ref', format, '--', ...patterns], { cwd: root });
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]));
}
