import { noReferences } from '../contracts/no-references.ts';
import type { ProposalDraft } from '../forge/forge.ts';
import type { PersonaFile } from '../personas/read-persona.ts';
import { draftPatch } from './draft-patch.ts';
import type { PatchEntry } from './feedback-state.ts';
import { isTestOf } from './gate/is-test-of.ts';
import type { PatchTestEntry } from './gate/read-tests.ts';
import { type Look, proposalBody, proposalTitle } from './proposal-body.ts';
import { proposalId } from './proposal-id.ts';

/** A patch, and what its test said where there was one. */
export interface Offer {
  readonly patch: PatchEntry;
  readonly test: PatchTestEntry | undefined;
}

/**
 * The page and the file as they would be, on the present base; undefined when the change cannot be made there any more.
 * @param look absent: the page is text alone
 */
export function draftProposal(
  file: PersonaFile,
  { patch, test }: Offer,
  look?: Look,
): ProposalDraft | undefined {
  const after = draftPatch(file, patch);
  if (after === undefined) return undefined;
  // A person may have raised the version since the patch was made.
  const versions = { from: file.persona.version, to: after.persona.version };
  return {
    id: proposalId(patch),
    // It becomes a commit message too, and on some hosts those close issues.
    title: noReferences(proposalTitle(patch, versions.to)),
    body: proposalBody(
      patch,
      versions,
      { test, hasChanged: test !== undefined && !isTestOf(test, file) },
      look,
    ),
    files: [{ path: file.path, content: after.text }],
  };
}
