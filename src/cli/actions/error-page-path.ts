import type { RejectedContract } from '../../ledger/controller.ts';

/** The page beside a refused file. */
export function errorPagePath({ to }: Pick<RejectedContract, 'to'>): string {
  return `${to.replace(/\.[^./]+$/, '')}.error.md`;
}
