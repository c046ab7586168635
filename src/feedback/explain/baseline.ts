/** How a persona did before a change: the share of its runs that were accepted, 0 to 1, with 6 places. */
export interface Baseline {
  readonly rate: number;
  /** Without those that ended in a fault of the infrastructure. */
  readonly runs: number;
}
