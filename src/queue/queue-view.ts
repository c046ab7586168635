import { emptyTree, type ObjectStore } from '../git/object-store.ts';
import { readAgain } from '../git/read-again.ts';
import type { RefTransport } from '../git/ref-transport.ts';
import type { Oid } from '../git/repository.ts';
import { Snapshot } from '../git/snapshot.ts';
import { SLOT_SPACE } from './paths.ts';
import { ClaimReader } from './read-claims.ts';
import { type Work, WorkReader } from './read-work.ts';

export interface QueueSource {
  readonly transport: RefTransport;
  readonly store: ObjectStore;
  readonly ledgerBranch: string;
  readonly namespace: string;
  /** Where items are kept that were parsed before; a projection. */
  readonly kept?: string;
}

/** The queue as it was at one moment: live work on the ledger, and the commit of every cell by slot. */
export interface QueueSight {
  readonly work: Work;
  readonly snapshot: Snapshot;
  readonly cells: ReadonlyMap<string, Oid>;
}

/**
 * Looks at the queue where the truth is: one question for the tip of the ledger and all cells. Nothing here
 * touches a checkout, and a ledger that has not moved is not read again.
 */
export class QueueView {
  readonly claims: ClaimReader;
  readonly #source: QueueSource;
  readonly #reader: WorkReader;
  #tip: Oid | undefined;
  #work: { work: Work; snapshot: Snapshot } | undefined;

  constructor(source: QueueSource) {
    this.#source = source;
    this.#reader = new WorkReader(source.kept);
    this.claims = new ClaimReader(source.transport, source.store, this.#prefix);
  }

  async look(): Promise<QueueSight> {
    const { transport, ledgerBranch } = this.#source;
    const ledger = `refs/heads/${ledgerBranch}`;
    const refs = await transport.look([ledger, this.#prefix]);
    const tip = refs.get(ledger);
    refs.delete(ledger);
    const cells = new Map([...refs].map(([ref, commit]) => [ref.slice(this.#prefix.length), commit]));
    this.claims.keep(new Set(cells.values()));
    return { ...(await this.#workAt(ledger, tip)), cells };
  }

  get #prefix(): string {
    return `${this.#source.namespace}/${SLOT_SPACE}/`;
  }

  async #workAt(ledger: string, tip: Oid | undefined): Promise<{ work: Work; snapshot: Snapshot }> {
    if (this.#work !== undefined && tip === this.#tip) return this.#work;
    const { transport, store } = this.#source;
    const here = tip !== undefined && (await store.read(tip)) !== undefined;
    const commit = here || tip === undefined ? tip : (await transport.read([ledger])).get(ledger);
    const read = async () => {
      const snapshot = new Snapshot(store, commit === undefined ? emptyTree : await store.treeOf(commit));
      return { work: await this.#reader.read(snapshot), snapshot };
    };
    this.#work = await readAgain(transport, [ledger], read);
    this.#tip = commit;
    return this.#work;
  }
}
