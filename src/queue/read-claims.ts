import { type Claim, claim } from '../contracts/work.ts';
import type { ObjectStore } from '../git/object-store.ts';
import { readAgain } from '../git/read-again.ts';
import type { RefTransport } from '../git/ref-transport.ts';
import type { Oid } from '../git/repository.ts';
import { Snapshot } from '../git/snapshot.ts';
import { claimPath } from './paths.ts';

/** What a cell says. `null`: what lies there is no claim, so nobody can hold the slot by it. */
export type ClaimRead = Claim | null;

/** Claims by the commit that holds them. What was read once is not asked for again: commits never change. */
export class ClaimReader {
  readonly #transport: RefTransport;
  readonly #store: ObjectStore;
  readonly #prefix: string;
  #known = new Map<Oid, ClaimRead>();

  /** @param prefix of the refs that the cells of slots have */
  constructor(transport: RefTransport, store: ObjectStore, prefix: string) {
    this.#transport = transport;
    this.#store = store;
    this.#prefix = prefix;
  }

  /** What was read before; undefined: it has to be asked for. */
  known(commit: Oid): ClaimRead | undefined {
    return this.#known.get(commit);
  }

  /** For a claim that this process has written itself. */
  learn(commit: Oid, said: Claim): void {
    this.#known.set(commit, said);
  }

  /**
   * Reads claims, in one go those that are not known. A cell that has moved meanwhile is read as it is now.
   * @param cells the commit of each slot's cell as it was seen
   */
  async read(cells: ReadonlyMap<string, Oid>): Promise<Map<string, { commit: Oid; claim: ClaimRead }>> {
    const unknown = [...cells].filter(([, commit]) => !this.#known.has(commit)).map(([slotId]) => slotId);
    const now = await this.#fetch(unknown);
    const found = [...cells].flatMap(([slotId, seen]) => {
      const commit = now.get(slotId) ?? seen;
      const known = this.#known.get(commit);
      return known === undefined ? [] : [[slotId, { commit, claim: known }] as const];
    });
    return new Map(found);
  }

  async #fetch(slotIds: readonly string[]): Promise<Map<string, Oid>> {
    if (slotIds.length === 0) return new Map();
    const refs = slotIds.map((id) => `${this.#prefix}${id}`);
    const found = await this.#transport.read(refs);
    const cells = [...found].map(([ref, commit]) => [ref.slice(this.#prefix.length), commit] as const);
    await readAgain(this.#transport, refs, () =>
      Promise.all(
        cells.map(async ([slotId, commit]) => {
          this.#known.set(commit, await claimAt(this.#store, slotId, commit));
        }),
      ),
    );
    return new Map(cells);
  }

  /** Forgets what no cell holds any more. */
  keep(commits: ReadonlySet<Oid>): void {
    if (this.#known.size < 2 * commits.size + 1_000) return;
    this.#known = new Map([...this.#known].filter(([commit]) => commits.has(commit)));
  }
}

/** The claim of a slot as one commit of its cell has it. */
export async function claimAt(store: ObjectStore, slotId: string, commit: Oid): Promise<ClaimRead> {
  const path = claimPath(slotId);
  // Git finds the way through the trees in one question; what only this process has is read step by step.
  const found =
    (await store.read(`${commit}:${path}`))?.body ??
    (await new Snapshot(store, await store.treeOf(commit)).bytes(path));
  const read = found === undefined ? null : parseClaim(found);
  // The claim of another slot is none of this one, whoever put it there.
  return read?.slot_id === slotId ? read : null;
}

/** Machine-written, so nobody has to be told where in the text a fault is. */
function parseClaim(content: Buffer): ClaimRead {
  try {
    return claim.parse(JSON.parse(content.toString('utf8')));
  } catch {
    return null;
  }
}
