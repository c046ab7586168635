import { bodyLength } from './body-length.ts';

/**
 * A body that is short enough. The longest sections lose their content first, each with a link to where all of it
 * stands; headings and their order stay. What fits is not touched.
 * @param most as `bodyLength` counts
 */
export function fitBody(text: string, most: number, link: string): string {
  if (bodyLength(text) <= most) return text;
  const note = `Too long for this page: [the whole of it](${link}).`;
  const sections = splitSections(text);
  const byLength = sections.map((_, at) => at).sort((a, b) => lengthAt(sections, b) - lengthAt(sections, a));
  for (const at of byLength) {
    if (joinedLength(sections) <= most) break;
    sections[at] = shorten(sections[at] ?? '', note);
  }
  const joined = sections.join('\n\n');
  return bodyLength(joined) <= most ? joined : note;
}

function lengthAt(sections: readonly string[], at: number): number {
  return bodyLength(sections[at] ?? '');
}

function joinedLength(sections: readonly string[]): number {
  return bodyLength(sections.join('\n\n'));
}

/** Its heading, when it has one, and where the rest is. */
function shorten(section: string, note: string): string {
  const heading = /^#{1,6} .{0,1000}/.exec(section)?.[0];
  return heading === undefined ? note : `${heading}\n\n${note}`;
}

/** At headings of the first and second order, not at what looks like one inside a block of code. */
function splitSections(text: string): string[] {
  const sections: string[] = [];
  let isCode = false;
  for (const line of text.split('\n')) {
    if (/^ {0,3}(?:```|~~~)/.test(line)) isCode = !isCode;
    const begins = sections.length === 0 || (!isCode && /^##? /.test(line));
    if (begins) sections.push(line);
    else sections.push(`${sections.pop() ?? ''}\n${line}`);
  }
  return sections.map((section) => section.replace(/\n+$/, ''));
}
