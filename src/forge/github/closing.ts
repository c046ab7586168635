/** Who closed a pull request, and why they say. */
export interface Closing {
  readonly closedBy?: string;
  readonly closedByBot?: true;
  readonly reason?: string;
}
