import type { Step } from '../ledger/controller.ts';

/** A step that only says how things stand with a proposal. */
export function standingStep(id: string, result: string, detail: string): Step {
  const proposal = { proposal_id: id, result, detail };
  return {
    controller: 'proposals',
    summary: `proposal ${id}: ${result} (${detail})`,
    changes: false,
    proposal,
    apply: async () => ({ changed: false, proposal }),
  };
}
