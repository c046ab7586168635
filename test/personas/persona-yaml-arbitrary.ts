import fc from 'fast-check';
import { parseDocument } from 'yaml';

/** A YAML document the way a person could have written it: the comments are `# note 1`, `# note 2`, and so on. */
export interface HandWritten {
  readonly text: string;
  readonly notes: number;
}

/** Comments and blank lines around one entry. The numbers count lines. */
interface Trim {
  readonly blanks: number;
  readonly above: number;
  readonly deeper: number;
  readonly behind: string;
  readonly hasNote: boolean;
}

type Shape =
  | { readonly kind: 'scalar'; readonly lines: readonly string[] }
  | { readonly kind: 'flow'; readonly lines: readonly string[]; readonly noted: boolean }
  | {
      readonly kind: 'map';
      readonly entries: readonly (readonly [string, Shape, Trim])[];
      readonly step: number;
    }
  | {
      readonly kind: 'seq';
      readonly items: readonly (readonly [Shape, Trim])[];
      readonly step: number;
      readonly gap: string;
    };

const KEYS = [
  'version',
  'playbook',
  'id',
  "'quoted key'",
  '"text"',
  'evidence',
  'rules',
  'a b',
  'yes',
  'domains',
];

const trim: fc.Arbitrary<Trim> = fc.record({
  blanks: fc.constantFrom(0, 0, 0, 1, 2),
  above: fc.constantFrom(0, 0, 0, 1, 2),
  deeper: fc.constantFrom(0, 0, 1, 4),
  behind: fc.constantFrom(' ', '  ', '     '),
  hasNote: fc.boolean(),
});

const scalar: fc.Arbitrary<Shape> = fc
  .constantFrom(
    ['1.0.0'],
    ['plain words'],
    ["'single # quoted'"],
    ['"double: quoted"'],
    ['42'],
    ['true'],
    ['~'],
    [''],
    ['"1.0"'],
    ['http://host:80/#part'],
    ['|', 'literal # text', '', '  more'],
    ['|-', 'stripped'],
    ['|+', 'kept'],
    ['>-', 'folded', 'lines'],
    ['first', 'second line of plain'],
    ['"first', 'second line of double"'],
    ['', 'on its own line'],
    ['', '"on its own line"'],
    ['&anchor anchored'],
    ['!!str 12'],
  )
  .map((lines) => ({ kind: 'scalar', lines }));

const flow: fc.Arbitrary<Shape> = fc
  .record({
    lines: fc.constantFrom(
      ['[]'],
      ['{}'],
      ['[a, "b", 3]'],
      ['[ a, [b, c] ]'],
      ['{ a: 1, b: [x] }'],
      ['{a: , b: {c: d}}'],
      ['[', 'a,', 'b', ']'],
      ['[', 'a,', '{b: 1,', 'c: 2},', ']'],
      ['{', 'a: [x,', 'y], b: 1', '}'],
    ),
    noted: fc.boolean(),
  })
  .map((parts) => ({ kind: 'flow', ...parts }));

const shapes = fc.letrec<{ any: Shape; map: Shape; seq: Shape }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'yaml' },
    { weight: 3, arbitrary: scalar },
    { weight: 1, arbitrary: flow },
    { weight: 2, arbitrary: tie('map') },
    { weight: 2, arbitrary: tie('seq') },
  ),
  map: fc.record({
    kind: fc.constant('map' as const),
    entries: fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), tie('any'), trim), {
      minLength: 1,
      maxLength: 4,
      selector: ([key]) => key,
    }),
    step: fc.constantFrom(2, 2, 4, 3),
  }),
  seq: fc.record({
    kind: fc.constant('seq' as const),
    items: fc.array(fc.tuple(tie('any'), trim), { minLength: 1, maxLength: 3 }),
    step: fc.constantFrom(2, 0, 4),
    gap: fc.constantFrom(' ', ' ', '   '),
  }),
}));

/** Documents with comments, quotes, blank lines and indentation of all kinds. */
export const handWritten: fc.Arbitrary<HandWritten> = fc
  .record({
    root: fc.oneof({ weight: 5, arbitrary: shapes.map }, { weight: 1, arbitrary: shapes.seq }),
    start: fc.constantFrom(
      '',
      '',
      '---\n',
      '%YAML 1.2\n---\n',
      '--- NOTE\n',
      'NOTE\n\n',
      'NOTE\n---\nNOTE\n',
    ),
    end: fc.constantFrom('', '', '\n', '\nNOTE', '\n\n  NOTE\nNOTE\n', '\n...\n', '\n...\nNOTE\n'),
    eol: fc.constantFrom('\n', '\n', '\r\n'),
    mark: fc.constantFrom('', '', '\u{feff}'),
  })
  .map(({ root, start, end, eol, mark }) => {
    const body = printed(root, 0).join('\n').replace(/^\n/, '');
    return numbered(mark + (start + body + end).replaceAll('\n', eol));
  })
  .filter(({ text }) => isHonest(text));

// Some mixtures are no YAML at all, or put what looks like a comment into a block scalar.
function isHonest(text: string): boolean {
  const doc = parseDocument(text.replace(/^\u{feff}/u, ''));
  return doc.errors.length === 0 && !JSON.stringify(doc.toJS()).includes('# note');
}

function numbered(text: string): HandWritten {
  let notes = 0;
  const withNotes = text.replaceAll('NOTE', () => {
    notes += 1;
    return `# note ${notes}`;
  });
  return { text: withNotes, notes };
}

/** The lines of a value. The first one continues the line of its key or dash: it is '' for what starts below. */
function printed(shape: Shape, column: number): string[] {
  switch (shape.kind) {
    case 'scalar':
      return shape.lines.map((line, index) => (index === 0 || line === '' ? line : pad(column + 2) + line));
    case 'flow':
      return shape.lines.map((line, index) => {
        const note = shape.noted && index < shape.lines.length - 1 ? ' NOTE' : '';
        return (index === 0 ? '' : pad(column + 2)) + line + note;
      });
    case 'map':
      return [
        '',
        ...shape.entries.flatMap(([key, value, around]) =>
          entry(`${key}:`, value, around, column, shape.step),
        ),
      ];
    case 'seq':
      return [
        '',
        ...shape.items.flatMap(([value, around]) => entry(`-${shape.gap}`, value, around, column, 0)),
      ];
  }
}

function entry(start: string, value: Shape, around: Trim, column: number, step: number): string[] {
  const isItem = start.startsWith('-');
  const inner = column + (isItem ? start.length : value.kind === 'seq' ? value.step : step);
  const [first = '', ...rest] = printed(value, value.kind === 'map' || value.kind === 'seq' ? inner : column);
  const above = Array.from({ length: around.above }, () => `${pad(column + around.deeper)}NOTE`);
  const head = [...Array.from({ length: around.blanks }, () => ''), ...above];
  const isOneLine = rest.length === 0 || first === '' || /^[|>]/.test(first);
  const note = around.hasNote && isOneLine ? `${around.behind}NOTE` : '';
  const isCompact =
    isItem && first === '' && rest[0] !== undefined && rest[0].trim() !== '' && !/^\s*NOTE/.test(rest[0]);
  if (isCompact && note === '')
    return [...head, pad(column) + start + rest[0]?.trimStart(), ...rest.slice(1)];
  const line = isItem ? start + first : `${start} ${first}`;
  return [...head, pad(column) + line.trimEnd() + note, ...rest];
}

function pad(columns: number): string {
  return ' '.repeat(columns);
}
