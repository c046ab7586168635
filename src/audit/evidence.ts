import type { GitRun } from '../git/program.ts';
import type {
  DeadFile,
  ItemFile,
  ItemStatement,
  OutcomeStatement,
  SlotFile,
  SlotStatement,
} from './statements.ts';
import type { Violation } from './violation.ts';

/** A repository in which all refs of one moment can be read. */
export interface EvidencePlace {
  readonly run: GitRun;
  /** The ref of the ledger branch. */
  readonly ledger: string;
  /** What the names of cells begin with, up to and with the last slash. */
  readonly cells: string;
  /** How to ask the remote; undefined: everything is in this repository. */
  readonly remote?: {
    readonly name: string;
    readonly run: GitRun;
    /** Options that come before the command. */
    readonly settings: readonly string[];
    /** The command `fetch` with its options. */
    readonly fetch: readonly string[];
  };
}

/** Something that was said, and where. */
export interface Placed<Statement> {
  readonly said: Statement;
  /** `path` or `path:line` on the ledger branch. */
  readonly where: string;
}

/** What the tip of the ledger branch says about work; records are in the order in which they were appended. */
export interface LedgerEvidence {
  readonly items: ReadonlyMap<string, Placed<ItemFile>>;
  readonly live: ReadonlyMap<string, Placed<SlotFile>>;
  readonly dead: ReadonlyMap<string, Placed<DeadFile>>;
  readonly slotEvents: readonly Placed<SlotStatement>[];
  readonly itemEvents: readonly Placed<ItemStatement>[];
  readonly outcomes: readonly Placed<OutcomeStatement>[];
  /** Files and lines that could not be read. */
  readonly unreadable: readonly Violation[];
}

/** A commit of a cell. */
export interface CellCommit {
  readonly commit: string;
  readonly parents: readonly string[];
  /** Of `queue/claims/<slot>.json`; undefined: the commit has no such file. */
  readonly content: string | undefined;
}

/** A cell as it lies in git: its ref, and every commit below it by first parents, oldest first. */
export interface CellEvidence {
  readonly slot: string;
  readonly tip: string;
  readonly commits: readonly CellCommit[];
}
