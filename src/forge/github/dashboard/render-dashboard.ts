import { markdownText } from '../../../contracts/markdown-text.ts';
import type { BoardRow } from '../../forge.ts';
import { bodyLength, LONGEST_BODY } from '../body/body-length.ts';
import { writeOrder } from './order-line.ts';

/** The first line: it tells the dashboard from every other issue. */
export const DASHBOARD_MARKER = '<!-- millwright:dashboard -->';

const INTRODUCTION =
  'What Millwright has proposed here, and what became of it. Tick a box to give an order: the next pass carries it out. All else on this page is written anew by every pass.';

interface Section {
  readonly heading: string;
  readonly results: readonly string[];
  readonly words: string;
}

const sections: readonly Section[] = [
  {
    heading: 'Open',
    results: ['opened', 'updated', 'unchanged'],
    words:
      'Merge them to say yes, close them to say no. A tick has the branch made anew on the present base.',
  },
  {
    heading: 'Edited by a person',
    results: ['edited-by-human'],
    words:
      'Millwright leaves these alone. A tick has the branch made anew: the commits of others leave it, and a comment on the pull request keeps the id of the last one.',
  },
  {
    heading: 'Stuck',
    results: ['stuck'],
    words: 'These changes can no longer be made on the present base. A tick has it tried again.',
  },
  {
    heading: 'Closed by a program',
    results: ['closed-by-bot'],
    words:
      "That is nobody's answer. Reopen one to go on with it, or reject it with `millwright review reject`. A tick has it opened anew.",
  },
  {
    heading: 'Waiting for room',
    results: ['capped'],
    words: 'Enough are open, or were opened today. A tick opens one past the caps.',
  },
  { heading: 'Being tested', results: ['testing'], words: 'There is nothing to decide about these yet.' },
  {
    heading: 'Without a record',
    results: ['orphaned'],
    words:
      'No record here stands behind these pull requests, so Millwright leaves them and their branches alone. Close them when they are of no use.',
  },
  {
    heading: 'Decided lately',
    results: ['applied', 'merged', 'rejected'],
    words: 'A tick has a rejected one offered again.',
  },
];

/** How much a row may say, from the most to the least. */
const lengths = [
  { detail: 1_000, title: 256 },
  { detail: 200, title: 200 },
  { detail: 0, title: 100 },
] as const;
type Lengths = (typeof lengths)[number];

/** The body of the dashboard. It always fits: details go first, then the last rows. Pure. */
export function renderDashboard(
  rows: readonly BoardRow[],
  notes: readonly string[],
  numberOf: (id: string) => number | undefined,
): string {
  for (const room of lengths) {
    const body = render(rows, notes, numberOf, room);
    if (bodyLength(body) <= LONGEST_BODY) return body;
  }
  return cutRows(rows, (some) => render(some, notes.slice(0, MOST_NOTES), numberOf, lengths[2]));
}

const MOST_NOTES = 20;

/** The most of the first rows that fit. */
function cutRows(rows: readonly BoardRow[], write: (some: readonly BoardRow[]) => string): string {
  let [fits, tooMany] = [0, rows.length];
  const cut = (most: number) => {
    const left = `\n\n${rows.length - most} more do not fit here: \`millwright review list\` shows all.`;
    return `${write(rows.slice(0, most))}${left}`;
  };
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (bodyLength(cut(middle)) <= LONGEST_BODY) fits = middle;
    else tooMany = middle;
  }
  return cut(fits);
}

function render(
  rows: readonly BoardRow[],
  notes: readonly string[],
  numberOf: (id: string) => number | undefined,
  room: Lengths,
): string {
  const parts = sections.map(({ heading, results, words }) => {
    const own = rows.filter(({ result }) => results.includes(result));
    const lines = own.map((row) => rowLine(row, numberOf(row.id), room));
    return own.length === 0 ? [] : [`## ${heading}\n\n${words}\n\n${lines.join('\n')}`];
  });
  const known = sections.flatMap(({ results }) => results);
  const others = rows.filter(({ result }) => !known.includes(result));
  const rest = others.map((row) => rowLine(row, numberOf(row.id), room));
  return [
    DASHBOARD_MARKER,
    INTRODUCTION,
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${said(note, room.title * 2)}`).join('\n')]),
    ...(rows.length === 0 ? ['There are no proposals.'] : parts.flat()),
    ...(rest.length === 0 ? [] : [`## Others\n\n${rest.join('\n')}`]),
  ].join('\n\n');
}

function rowLine(row: BoardRow, number: number | undefined, room: Lengths): string {
  const title = said(row.title, room.title);
  const address = addressOf(row, number);
  const shown = address === undefined ? title : `[${title}](${address})`;
  const detail = row.detail === undefined || room.detail === 0 ? '' : `: ${said(row.detail, room.detail)}`;
  return `- ${writeOrder(row)}${isDecided(row) ? `${row.result} ` : ''}${shown}${detail}`;
}

/**
 * Relative, so that the pull request does not say that it was mentioned here. Of what is decided a pass does not
 * always know the number: a link that comes and goes would have the page written again and again.
 */
function addressOf(row: BoardRow, number: number | undefined): string | undefined {
  if (!isDecided(row)) return number === undefined ? undefined : `../pull/${number}`;
  return /^[\w./-]+$/.test(row.id) ? `../pulls?q=is%3Apr+head%3A${encodeURIComponent(row.id)}` : undefined;
}

function isDecided({ result }: BoardRow): boolean {
  return ['applied', 'merged', 'rejected'].includes(result);
}

function said(text: string, most: number): string {
  const short = [...text].slice(0, most).join('');
  return markdownText(short.length < text.length ? `${short}\u2026` : text);
}
