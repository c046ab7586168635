/** What happened on GitHub, and what the repository has set. */
export interface Happening {
  /** A folder that holds nothing else: machines are made in it. */
  readonly top: string;
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The full ref of the event. */
  readonly ref: string;
  readonly sha: string;
  /** owner/name. */
  readonly repository: string;
  /** Where git and the API answer. */
  readonly server: string;
  readonly api: string;
  readonly token: string;
  readonly vars?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Further variables of the machines, such as a PATH that begins with doubles of programs. */
  readonly env?: Readonly<Record<string, string>>;
  /** Fills the tool cache of a machine. */
  prepare(tools: string): Promise<void>;
}
