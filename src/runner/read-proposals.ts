import { MillwrightError } from '../contracts/millwright-error.ts';
import { proposalController } from '../feedback/proposal-controller.ts';
import type { PassContext, ProposalReport } from '../ledger/controller.ts';

/** Proposals with the typed result that a pass would give them, or why the forge could not be asked. */
export interface ProposalsRead {
  readonly proposals: readonly ProposalReport[];
  readonly forge_problem: { readonly message: string; readonly hint: string } | null;
}

/** What a forge does not answer must not hide everything else. */
export async function readProposals(context: PassContext): Promise<ProposalsRead> {
  try {
    const steps = await proposalController.plan(context);
    const proposals = steps.flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal]));
    return { proposals, forge_problem: null };
  } catch (error) {
    if (!(error instanceof MillwrightError) || !error.code.startsWith('github-')) throw error;
    const { message, hint = 'millwright doctor --github says what is missing' } = error;
    return { proposals: [], forge_problem: { message, hint } };
  }
}
