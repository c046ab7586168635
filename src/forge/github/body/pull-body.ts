import { plainText } from './plain-text.ts';
import { findMarker, type ProposalMarker, writeMarker } from './proposal-marker.ts';

/** Begins what Millwright adds below the words of a proposal. */
const FOOT = '<!-- millwright:foot -->';

export interface PullBody {
  /** The words of the proposal, as drafted or as a person has changed them. */
  readonly text: string;
  /** What Millwright adds below; empty when there is nothing. */
  readonly foot: string;
  /** undefined when it is missing or garbage. */
  readonly marker: ProposalMarker | undefined;
}

export function writePullBody({ text, foot, marker }: PullBody): string {
  const tail = marker === undefined ? [] : [writeMarker(marker)];
  const below = [FOOT, ...(foot === '' ? [] : [foot]), ...tail].join('\n\n');
  return text === '' ? below : `${text}\n\n${below}`;
}

/** Reads any body, also one that people have worked on: what they wrote below the marker is a part of the text. */
export function readPullBody(body: string): PullBody {
  const lines = plainText(body);
  const found = findMarker(lines);
  const before = found === undefined ? lines : lines.slice(0, found.start);
  const after = found === undefined ? '' : lines.slice(found.end);
  const at = before.lastIndexOf(FOOT);
  const text = at === -1 ? before : before.slice(0, at);
  return {
    text: plainText(`${text.trimEnd()}${after.trim() === '' ? '' : `\n\n${after.trim()}`}`),
    foot: at === -1 ? '' : before.slice(at + FOOT.length).trim(),
    marker: found?.marker,
  };
}

/** Words that look like Millwright's own notes do not become such. */
export function withoutNotes(text: string): string {
  return text.replaceAll(/<!--(\s*millwright)/gi, '<!-- no$1');
}
