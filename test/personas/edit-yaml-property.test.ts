import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isScalar, parse, parseDocument } from 'yaml';
import { editYaml, type YamlEdit, type YamlValue } from '../../src/personas/edit-yaml.ts';
import { handWritten } from './persona-yaml-arbitrary.ts';

const RUNS = 400;

type Data = string | number | boolean | null | Data[] | { [key: string]: Data };
type Path = (string | number)[];

const text = fc.oneof(
  fc.constantFrom(
    '1.0.1',
    '1.0',
    'yes',
    'null',
    '2026-01-01',
    '',
    ' padded ',
    '- dash',
    'a: b',
    'x #y',
    "it's",
    '"q"',
  ),
  fc.constantFrom(
    'two\nlines',
    'ends\n',
    '\n\n  odd\n\n',
    'tab\there',
    '{a}',
    '[b',
    '*c',
    '&d',
    '!e',
    '%f',
    '--- g',
    '@h',
    '~',
  ),
  fc.string({ maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom('a', ' ', '\n', '#', ':', '-', "'", '"', ',', ']', '\\', '\t'),
    maxLength: 12,
  }),
);
const oneLine = fc.oneof(
  text.filter((value) => !/[\r\n]/.test(value)),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const key = fc
  .oneof(
    fc.constantFrom('alpha', 'b c', 'x: y', 'no', '1.5', '#h', '- i', 'é'),
    fc.string({ minLength: 1, maxLength: 8 }),
  )
  .filter((name) => name !== '__proto__' && !/^\d+$/.test(name));

const value: fc.Arbitrary<Data> = fc.letrec<{ any: Data }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    text,
    fc.integer(),
    fc.constantFrom(true, false, null, 0.5, 1e21),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(key, tie('any'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any;

interface Wish {
  readonly op: 'set' | 'add' | 'append' | 'remove';
  readonly pick: number;
  readonly keys: readonly string[];
  readonly value: Data;
}

const wish: fc.Arbitrary<Wish> = fc.record({
  op: fc.constantFrom('set', 'add', 'append', 'remove'),
  pick: fc.nat(),
  keys: fc.array(key, { minLength: 1, maxLength: 2 }),
  value,
});

describe('editYaml on any document and any edits', () => {
  it('gives the expected data and keeps every comment in its order', () => {
    fc.assert(
      fc.property(handWritten, fc.array(wish, { minLength: 1, maxLength: 4 }), (doc, wishes) => {
        let current = doc.text;
        for (const each of wishes) {
          const data = dataIn(current);
          const wanted = asEdit(data, each);
          if (!wanted) continue;
          current = editYaml(current, [wanted]);
          expect(JSON.stringify(dataIn(current))).toBe(JSON.stringify(applied(data, wanted)));
          expect(notesIn(current)).toEqual(notesIn(doc.text));
        }
        expect(notesIn(doc.text)).toHaveLength(doc.notes);
      }),
      { numRuns: RUNS },
    );
  });

  it('leaves all other lines alone when it sets an existing scalar', () => {
    fc.assert(
      fc.property(handWritten, fc.nat(), oneLine, (doc, pick, wanted) => {
        const scalars = scalarsIn(doc.text);
        const scalar = scalars[pick % Math.max(1, scalars.length)];
        fc.pre(scalar !== undefined);
        const old = doc.text.split('\n');
        const now = editYaml(doc.text, [{ op: 'set', path: scalar.path, value: wanted }]).split('\n');
        const below = old.length - scalar.lastLine - 1;
        expect(now.slice(0, scalar.firstLine)).toEqual(old.slice(0, scalar.firstLine));
        expect(now.slice(now.length - below)).toEqual(old.slice(old.length - below));
        if (!scalar.isBlock) expect(now).toHaveLength(scalar.firstLine + 1 + below);
      }),
      { numRuns: RUNS },
    );
  });

  it('changes at most one old line when it adds, and adds at most two lines that are no comments when it removes', () => {
    fc.assert(
      fc.property(handWritten, wish, (doc, each) => {
        const wanted = each.op === 'set' ? undefined : asEdit(dataIn(doc.text), each);
        fc.pre(wanted !== undefined);
        const [old, now] = [doc.text, editYaml(doc.text, [wanted])].map((text) => text.split(/\r?\n/));
        if (wanted.op === 'remove') {
          const added = linesMissing(now, old).filter((line) => !/^ *# note/.test(line));
          expect(added.length).toBeLessThanOrEqual(2);
        } else expect(linesMissing(old, now).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: RUNS },
    );
  });

  it('keeps the byte order mark, the kind of line breaks, and the line break at the end', () => {
    fc.assert(
      fc.property(handWritten, wish, (doc, each) => {
        const wanted = asEdit(dataIn(doc.text), each);
        fc.pre(wanted !== undefined);
        const now = editYaml(doc.text, [wanted]);
        expect(now.startsWith('\u{feff}')).toBe(doc.text.startsWith('\u{feff}'));
        if (doc.text.includes('\r\n')) expect(now.replaceAll('\r\n', '')).not.toContain('\n');
        else expect(now).not.toContain('\r');
        if (doc.text.endsWith('\n')) expect(now.endsWith('\n')).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});

/** Picks a place in the data that fits the wish. Undefined when there is none. */
function asEdit(data: Data, { op, pick, keys, value: wanted }: Wish): YamlEdit | undefined {
  const places = placesIn(data);
  const choose = (list: typeof places) => list[pick % Math.max(1, list.length)]?.path;
  if (op === 'set') return edit('set', choose(places.filter(({ path }) => path.length > 0)), wanted);
  if (op === 'append')
    return edit('append', choose(places.filter(({ at }) => at === null || Array.isArray(at))), wanted);
  if (op === 'remove') return edit('remove', choose(places.filter(({ path }) => path.length > 0)), null);
  const parent = choose(
    places.filter(({ at }) => at === null || (typeof at === 'object' && !Array.isArray(at))),
  );
  const isFree = parent && ofPath(data, [...parent, keys[0] ?? '']) === null;
  return edit('set', isFree ? [...parent, ...keys] : undefined, wanted);
}

function edit(op: YamlEdit['op'], path: Path | undefined, wanted: YamlValue): YamlEdit | undefined {
  if (!path) return undefined;
  return op === 'remove' ? { op, path } : { op, path, value: wanted };
}

function placesIn(at: Data, path: Path = []): { path: Path; at: Data }[] {
  if (at === null || typeof at !== 'object') return [{ path, at }];
  const steps: Path = Array.isArray(at) ? [...at.keys()] : Object.keys(at);
  return [{ path, at }, ...steps.flatMap((step) => placesIn(child(at, step), [...path, step]))];
}

function child(at: Data, step: string | number): Data {
  return (at as Record<string | number, Data>)[step] ?? null;
}

function ofPath(data: Data, path: Path): Data {
  return path.reduce<Data>((at, step) => (at === null ? null : child(at, step)), data);
}

// The library cannot read every sequence that follows a byte order mark.
function dataIn(source: string): Data {
  return parse(source.replace(/^\u{feff}/u, '')) as Data;
}

/** The edit on plain data, written without a look at the code under test. */
function applied(data: Data, wanted: YamlEdit): Data {
  const top: Data = { top: structuredClone(data) };
  const path: Path = ['top', ...wanted.path];
  const last = path.pop() ?? 'top';
  let parent = top as Record<string | number, Data>;
  for (const step of path) {
    parent[step] ??= {};
    parent = parent[step] as Record<string | number, Data>;
  }
  if (wanted.op === 'remove' && Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (wanted.op === 'remove') delete parent[last];
  else if (wanted.op === 'set') parent[last] = wanted.value as Data;
  else parent[last] = [...((parent[last] ?? []) as Data[]), wanted.value as Data];
  return child(top, 'top');
}

function notesIn(source: string): string[] {
  return source.match(/# note \d+/g) ?? [];
}

interface Place {
  readonly path: Path;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly isBlock: boolean;
}

/** All scalars that are values, with the numbers of their lines, counted from 0. */
function scalarsIn(source: string): Place[] {
  const body = source.replace(/^\u{feff}/u, '');
  const doc = parseDocument(body);
  const lineOf = (offset: number) => body.slice(0, offset).split('\n').length - 1;
  return placesIn(dataIn(source)).flatMap(({ path }) => {
    const node = doc.getIn(path, true);
    if (!isScalar(node) || !node.range) return [];
    const [start, end] = node.range;
    const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
    return [{ path, firstLine: lineOf(start), lastLine: lineOf(Math.max(start, end - 1)), isBlock }];
  });
}

/** The lines of the first list that the second one does not have, or not as often. */
function linesMissing(from: readonly string[] = [], others: readonly string[] = []): string[] {
  const left = [...others];
  return from.filter((line) => {
    const found = left.indexOf(line);
    if (found !== -1) left.splice(found, 1);
    return found === -1;
  });
}
