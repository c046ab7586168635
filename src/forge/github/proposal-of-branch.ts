import type { Pull } from './pull-shape.ts';

/** `millwright/<topic>/<key>`, in the letters that Millwright itself uses for topics and keys. */
const PROPOSAL = /^millwright\/[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

/** The id of the proposal that a pull request shows; undefined for what comes from a fork or is no proposal. */
export function proposalOfBranch({ head, base }: Pull): string | undefined {
  const isHere = head.repo?.full_name.toLowerCase() === base.repo.full_name.toLowerCase();
  return isHere && PROPOSAL.test(head.ref) ? head.ref : undefined;
}
