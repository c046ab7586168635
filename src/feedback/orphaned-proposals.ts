import type { Forge, ForgeProposal } from '../forge/forge.ts';
import type { Step } from '../ledger/controller.ts';
import { standingStep } from './standing-step.ts';

const OURS =
  'no record of its patch is in the ledger: close it, or bring the record back; until then it counts as open';
const THEIRS =
  'it was not opened by Millwright, only its branch is named like a proposal: it counts for nothing';

/**
 * What is shown on the forge and has no patch behind it. Millwright closes none of these: a record that is missing
 * says more often that the ledger was set back, or that another one is read, than that nobody wants the change; and
 * another runner may just have opened it. A person who closes it has decided, and then its page goes.
 * @param ids of the proposals of all patches, decided or not
 */
export function orphanedProposals(
  forge: Forge,
  known: readonly ForgeProposal[],
  ids: ReadonlySet<string>,
): Step[] {
  return known.filter(({ id }) => !ids.has(id)).map((page) => stepFor(forge, page));
}

function stepFor(forge: Forge, { id, state, foreign }: ForgeProposal): Step {
  if (state === 'open') return standingStep(id, 'orphaned', foreign === true ? THEIRS : OURS);
  const proposal = { proposal_id: id, result: 'orphaned', detail: 'a person has closed it' };
  return {
    controller: 'proposals',
    summary: `proposal ${id}: take its page away, it is closed and no record stands behind it`,
    changes: true,
    proposal,
    apply: async () => {
      await forge.settle(id);
      return { changed: true, proposal };
    },
  };
}
