import { noReferences } from './no-references.ts';

/**
 * Text from outside as a part of a line of markdown. It is shown as it is and does nothing: no tag, no link, also
 * none of a bare address, no table cell, no formula, nobody is mentioned, no issue is closed. One line, whatever it was.
 */
export function markdownText(text: string): string {
  return noReferences(escaped(oneLine(text)))
    .replaceAll(/:(?=\/\/)|(?<=\b(?:mailto|xmpp)):/gi, `:${NOTHING}`)
    .replaceAll(/www(?=\.)/gi, `$&${NOTHING}`)
    .replace(/^[-+=#]/, '\\$&')
    .replace(/^(\d+)(?=[.)](?:\s|$))/, '$1\\');
}

function escaped(text: string): string {
  return text
    .replaceAll(/&(?=#?\w+;)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*[\]|~$]/g, '\\$&')
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_');
}

/** Text from outside as a label of a chart: letters, digits and what names are joined with. */
export function chartLabel(text: string): string {
  const clean = text.replaceAll(/[^\p{L}\p{N} ./_-]+/gu, ' ').trim();
  return `"${[...clean].slice(0, LONGEST_LABEL).join('')}"`;
}

const LONGEST_LABEL = 60;

/** A zero width space: hosts of git do not take what is around it for a name, a number or an address. */
const NOTHING = '\u200b';

/** Without control characters, and without those that turn the direction of text around. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim();
}
