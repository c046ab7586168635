import { parseBytes } from '../contracts/parse-text.ts';
import { type Claim, claim } from '../contracts/work.ts';
import type { ObjectStore } from '../git/object-store.ts';
import { readCells } from '../git/read-cells.ts';
import type { RefTransport } from '../git/ref-transport.ts';
import type { Oid } from '../git/repository.ts';

/** What a cell says. `null`: what lies there is no claim, so nobody can hold the slot by it. */
export type ClaimRead = Claim | null;

/** Claims by the commit that holds them. What was read once is not asked for again: commits never change. */
export class ClaimReader {
  readonly #transport: RefTransport;
  readonly #store: ObjectStore;
  #known = new Map<Oid, ClaimRead>();

  constructor(transport: RefTransport, store: ObjectStore) {
    this.#transport = transport;
    this.#store = store;
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
   * Reads the claims of these refs, those in one go that are not known. A ref that has moved meanwhile is read
   * as it is now.
   * @param cells the commit of each ref as it was seen
   */
  async read(cells: ReadonlyMap<string, Oid>): Promise<Map<string, { commit: Oid; claim: ClaimRead }>> {
    const found = new Map<string, { commit: Oid; claim: ClaimRead }>();
    const unknown: string[] = [];
    for (const [ref, commit] of cells) {
      const known = this.#known.get(commit);
      if (known === undefined) unknown.push(ref);
      else found.set(ref, { commit, claim: known });
    }
    const values = await readCells({ transport: this.#transport, store: this.#store }, unknown);
    for (const [ref, { commit, content }] of values) {
      const said = parseClaim(content);
      this.#known.set(commit, said);
      found.set(ref, { commit, claim: said });
    }
    return found;
  }

  /** Forgets what no cell holds any more. */
  keep(commits: ReadonlySet<Oid>): void {
    if (this.#known.size < 2 * commits.size + 1_000) return;
    this.#known = new Map([...this.#known].filter(([commit]) => commits.has(commit)));
  }
}

export function parseClaim(content: Buffer): ClaimRead {
  const parsed = parseBytes(content, '.json');
  if (!parsed.ok) return null;
  const checked = claim.safeParse(parsed.data);
  return checked.success ? checked.data : null;
}
