/** A rule of the queue that the evidence breaks. */
export interface Violation {
  /** In kebab case, such as `two-holders`. */
  readonly rule: string;
  readonly slot?: string;
  readonly item?: string;
  /** The commit of a cell, or the path of a file on the ledger branch, with its line where there are several. */
  readonly where: string;
  readonly found: string;
  readonly expected: string;
}
