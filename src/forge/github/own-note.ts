import type { ProposalMarker } from './body/proposal-marker.ts';
import { readPullBody } from './body/pull-body.ts';
import type { Pull } from './pull-shape.ts';

/** Millwright's note on a pull request. One that was copied from another proposal says nothing about this one. */
export function ownNote({ body, head }: Pull): ProposalMarker | undefined {
  const { marker } = readPullBody(body);
  return marker?.id === head.ref ? marker : undefined;
}
