import type { DraftFile, Forge, ProposalDraft } from '../forge/forge.ts';
import type { PersonaFile } from '../personas/read-persona.ts';
import { draftProposal, type Offer } from './draft-proposal.ts';
import type { PatchEntry } from './feedback-state.ts';
import { comparisons, printedIds } from './proposal-body.ts';
import { proposalChart } from './proposal-chart.ts';
import { proposalId } from './proposal-id.ts';
import { type LedgerTip, recordLinks } from './proposal-links.ts';

/** Where a proposal is shown. */
export interface Stage {
  readonly forge: Pick<Forge, 'permalink' | 'picture'>;
  /** Absent while nothing has been recorded. */
  readonly ledger: LedgerTip | undefined;
}

/**
 * The draft as a forge shows it: record ids link to their lines, charts are pictures, and what is long is folded.
 * It reads history and draws, so it is made only for a proposal that is opened or updated.
 */
export async function showProposal(
  file: PersonaFile,
  offer: Offer,
  { forge, ledger }: Stage,
): Promise<ProposalDraft | undefined> {
  if (forge.permalink === undefined && forge.picture === undefined) return draftProposal(file, offer);
  const pictures = forge.picture === undefined ? [] : await drawPictures(offer.patch);
  const draft = draftProposal(file, offer, {
    link: ledger === undefined ? () => undefined : await recordLinks(printedIds(offer.patch), forge, ledger),
    chart: pictures.map(({ path }) => forge.picture?.(path)).find((address) => address !== undefined),
  });
  return draft === undefined || pictures.length === 0 ? draft : { ...draft, pictures };
}

async function drawPictures(patch: PatchEntry): Promise<DraftFile[]> {
  const content = await proposalChart(comparisons(patch.evidence));
  return content === undefined ? [] : [{ path: picturePath(proposalId(patch)), content }];
}

function picturePath(id: string): string {
  return `artifacts/proposals/${id.replace(/^millwright\//, '').replaceAll('/', '.')}.svg`;
}
