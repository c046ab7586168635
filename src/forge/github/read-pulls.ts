import type { Workspace } from '../../ledger/workspace.ts';
import { branchRef } from '../proposal-branch.ts';
import type { GithubClient } from './client/github-client.ts';
import { ownNote } from './own-note.ts';
import { proposalOfBranch } from './proposal-of-branch.ts';
import { type Pull, pullShape } from './pull-shape.ts';
import { warnOnce } from './warn-once.ts';

/**
 * The pull requests of one pass: what was read once is not asked for again, and what Millwright itself changes is
 * remembered. Of several for one branch an open one counts, else the newest.
 */
export interface Pulls {
  /** Every open proposal. */
  open(): Promise<Pull[]>;
  /**
   * The closed ones among these proposals, as far as one look at what was last touched shows them, and those whose
   * branch is still there. `look` finds every other.
   */
  closed(ids: readonly string[]): Promise<Pull[]>;
  /** What is known of a proposal; when nothing is, it is asked for. */
  find(id: string): Promise<Pull | undefined>;
  /** The proposal as it is at this moment. */
  look(id: string): Promise<Pull | undefined>;
  /** What is known by now, without asking. */
  known(id: string): Pull | undefined;
  remember(pull: Pull): void;
  openedSince(since: Date): Promise<number>;
}

export function readPulls(workspace: Workspace, client: GithubClient): Pulls {
  const memory = rememberPulls();
  const { byId } = memory;
  const ask = askPulls(workspace, client, memory.remember);
  const asked = new Set<string>();
  const open = once(() => ask('list the open pull requests', { state: 'open' }));
  const closed = once(() => ask('list the closed pull requests', LAST_CLOSED, () => false));
  const look = async (id: string) => {
    asked.add(id);
    const head = `${client.repository.owner}:${id}`;
    const found = await ask('look for a pull request', { ...NEWEST, head });
    // What GitHub has now counts, whatever was read before.
    byId.delete(id);
    for (const pull of found) memory.remember(pull);
    return byId.get(id);
  };
  const find = async (id: string) => byId.get(id) ?? (asked.has(id) ? undefined : look(id));
  return {
    open: async () => {
      await open();
      return [...byId.values()].filter(({ state }) => state === 'open');
    },
    closed: async (ids) => {
      if (ids.length === 0) return [];
      await closed();
      const unknown = ids.filter((id) => !byId.has(id) && !asked.has(id));
      for (const id of await withBranch(workspace, unknown)) await find(id);
      return ids.flatMap((id) => byId.get(id) ?? []).filter(({ state }) => state === 'closed');
    },
    find,
    look,
    known: (id) => byId.get(id),
    remember: memory.remember,
    openedSince: countOpened(ask, memory.createdAt),
  };
}

const NEWEST = { state: 'all', sort: 'created', direction: 'desc' };
const LAST_CLOSED = { state: 'closed', sort: 'updated', direction: 'desc' };

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

/** @returns `byId`: what counts of each proposal; `createdAt`: every one of Millwright that was seen, by number */
function rememberPulls() {
  const byId = new Map<string, Pull>();
  const createdAt = new Map<number, string>();
  const remember = (pull: Pull): void => {
    const id = proposalOfBranch(pull);
    if (id === undefined) return;
    // One that a person has opened under such a name uses up nothing.
    if (ownNote(pull) !== undefined) createdAt.set(pull.number, pull.created_at);
    const before = byId.get(id);
    if (before === undefined || countsMore(pull, before)) byId.set(id, pull);
  };
  return { byId, createdAt, remember };
}

function countsMore(pull: Pull, before: Pull): boolean {
  if (pull.number === before.number) return true;
  return pull.state === before.state ? pull.number > before.number : pull.state === 'open';
}

type Ask = ReturnType<typeof askPulls>;

function askPulls(workspace: Workspace, client: GithubClient, remember: (pull: Pull) => void) {
  return async (
    action: string,
    parameters: Readonly<Record<string, string>>,
    goOn?: (pull: Pull) => boolean,
  ): Promise<Pull[]> => {
    const pulls = await client.list({
      route: 'GET /repos/{owner}/{repo}/pulls',
      shape: pullShape,
      parameters,
      action,
      // The newest come first. What is wanted and not among them is looked for by its branch.
      onCut: (seen) =>
        warnOnce(workspace, `could ${action} back to the newest ${seen} only: older ones were left out`),
      ...(goOn === undefined ? {} : { goOn }),
    });
    for (const pull of pulls) remember(pull);
    return pulls;
  };
}

/** Those of which a branch is left where the truth is: they have been offered. */
async function withBranch({ refs }: Workspace, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const there = await refs.look(ids.map(branchRef));
  return ids.filter((id) => there.has(branchRef(id)));
}

/** Reads back as far as it was not read yet. GitHub's times are whole seconds. */
function countOpened(ask: Ask, createdAt: ReadonlyMap<number, string>) {
  let readBackTo = Number.POSITIVE_INFINITY;
  return async (since: Date): Promise<number> => {
    const from = Math.floor(since.getTime() / 1_000) * 1_000;
    if (from < readBackTo)
      await ask('count what was opened', NEWEST, (pull) => Date.parse(pull.created_at) >= from);
    readBackTo = Math.min(readBackTo, from);
    return [...createdAt.values()].filter((at) => Date.parse(at) >= from).length;
  };
}
