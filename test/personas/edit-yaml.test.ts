import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { hasCode } from '../../src/contracts/millwright-error.ts';
import { editYaml, type YamlEdit, type YamlValue } from '../../src/personas/edit-yaml.ts';

const PERSONA = `# Who reviews what.
id: reviewer
name: 'Reviewer'   # shown in lists
version: 1.0.0 # raised by each patch
tone: [ calm, exact ]

playbook:
  # Oldest first.
  - id: small-diffs # the first one
    text: >-
      Ask for small diffs, and say which
      part could go first.
    evidence: []

  - id: run-it
    text: "Run it: then read it."
    evidence:
    - issue-1
  # Rules of the house are above.

# What it must not do.
limits:
    merge: no   # a person merges
aliases: []
`;

describe('editYaml with set', () => {
  it('replaces a plain scalar and keeps the comment behind it', () => {
    expect(set('version: 1.0.0 # raised\n', ['version'], '1.0.1')).toBe('version: 1.0.1 # raised\n');
  });

  it.each([
    ["k: 'old'  # c\n", 'new', "k: 'new'  # c\n"],
    ['k: "old"\n', 'new', 'k: "new"\n'],
    ['k: "old"\n', 'two\nlines', 'k: "two\\nlines"\n'],
    ['k: |\n  old\n', 'new\n', 'k: |\n  new\n'],
    ["k: 'old'\n", 7, 'k: 7\n'],
    ['k: old # c\n', 'two\nlines\n', 'k: | # c\n  two\n  lines\n'],
    ['k: old\n', 'a: b', 'k: "a: b"\n'],
    ['k: "two\n  lines" # c\n', 'one', 'k: "one" # c\n'],
  ])('writes a new scalar in the manner of the old one where it can: %j to %j', (text, value, expected) => {
    expect(set(text, ['k'], value)).toBe(expected);
  });

  it('wraps a folded text about as wide as the old one was', () => {
    const text = 'k: >-\n  forty columns are about the width of this\n  and no more\nz: 1\n';
    const value = 'The new text is longer than one line and is wrapped too.';
    expect(set(text, ['k'], value)).toBe(
      'k: >-\n  The new text is longer than one line and\n  is wrapped too.\nz: 1\n',
    );
  });

  it.each([
    '1.0',
    'yes',
    'null',
    '~',
    '2026-01-01',
    '0x1f',
    '1e3',
    '',
    ' x',
    '- x',
    '#x',
    '"',
    "it's",
    '*x',
    '012',
  ])('gives the string %j back as the same string', (value) => {
    for (const style of ['old', "'old'", '"old"', '[ old ]']) {
      const path = style.startsWith('[') ? ['k', 0] : ['k'];
      expect(parse(set(`k: ${style} # c\n`, path, value))).toEqual({ k: path.length > 1 ? [value] : value });
    }
  });

  it('adds a missing key at the end of its map, with the maps on the way', () => {
    expect(set(PERSONA, ['limits', 'spend', 'most'], 5)).toBe(
      PERSONA.replace('merges\n', 'merges\n    spend:\n        most: 5\n'),
    );
    expect(set('a:\n\n# b\nb: 1\n', ['a', 'x'], 1)).toBe('a:\n  x: 1\n\n# b\nb: 1\n');
    expect(set('a: {} # none\n', ['a', 'x'], [])).toBe('a: # none\n  x: []\n');
    expect(set('a: { b: 1 }\n', ['a', 'x'], 'p, q')).toBe('a: { b: 1, x: "p, q" }\n');
    expect(set('# only a comment\n', ['a'], 1)).toBe('# only a comment\na: 1\n');
    expect(set('', ['a'], 1)).toBe('a: 1\n');
  });

  it('keeps the comments of a collection that it replaces', () => {
    expect(set('a: # 1\n\n  # 2\n  - x # 3\n  - y # 4\n# 5\n', ['a'], ['z'])).toBe(
      'a: # 1\n\n  # 2\n  # 3\n  # 4\n  - z\n# 5\n',
    );
    expect(set('a: "# 1"  # 1\n', ['a'], ['z'])).toBe('a:  # 1\n  - z\n');
    expect(set('a: # 1\n  - x # 2\n', ['a'], 'z')).toBe('a: z # 1\n  # 2\n');
    expect(set('a: [ # 1\n  x, # 2\n  y ] # 3\n', ['a'], null)).toBe('a: null # 1\n  # 2\n  # 3\n');
  });

  it('returns the same text when the value is there already', () => {
    expect(set("a:   'x'   # c", ['a'], 'x')).toBe("a:   'x'   # c");
  });
});

describe('editYaml with append', () => {
  it('puts the item behind the content of the last one, in the indentation of its siblings', () => {
    expect(append(PERSONA, ['playbook'], { id: 'new', evidence: ['a'] })).toBe(
      PERSONA.replace('above.\n', 'above.\n  - id: new\n    evidence:\n      - a\n'),
    );
    expect(append(PERSONA, ['playbook', 1, 'evidence'], 'issue-2')).toBe(
      PERSONA.replace('- issue-1\n', '- issue-1\n    - issue-2\n'),
    );
    expect(append('a:\n-   x\n\n# b\nb: 1\n', ['a'], { p: 1, q: 2 })).toBe(
      'a:\n-   x\n-   p: 1\n    q: 2\n\n# b\nb: 1\n',
    );
  });

  it('turns an empty sequence, null or nothing into block style', () => {
    expect(append(PERSONA, ['aliases'], 'r')).toBe(PERSONA.replace('aliases: []', 'aliases:\n  - r'));
    expect(append('a:\n- x\nb: [] # none\n', ['b'], 'r')).toBe('a:\n- x\nb: # none\n- r\n');
    expect(append('b: null\n', ['b'], 'r')).toBe('b:\n  - r\n');
    expect(append('a: 1\n', ['b', 'c'], 'r')).toBe('a: 1\nb:\n  c:\n    - r\n');
  });

  it('extends a flow sequence in flow style', () => {
    expect(append(PERSONA, ['tone'], 'short')).toBe(PERSONA.replace('exact ]', 'exact, short ]'));
    expect(append('a: [\n  x, # 1\n  y # 2\n]\n', ['a'], { z: [1] })).toBe(
      'a: [\n  x, # 1\n  y, # 2\n  {z: [1]}\n]\n',
    );
  });
});

describe('editYaml with remove', () => {
  it('removes the lines of an entry and keeps its comments as lines', () => {
    expect(remove(PERSONA, ['limits', 'merge'])).toBe(
      PERSONA.replace('limits:\n    merge: no   # a person merges', 'limits: {}\n    # a person merges'),
    );
    expect(remove(PERSONA, ['playbook', 0])).toBe(
      PERSONA.replace(/ {2}- id: small-diffs (# the first one)[\s\S]*?\[\]\n/, '  $1\n'),
    );
    expect(remove('- a: 1 # 1\n  # 2\n  b: 2\n', [0, 'a'])).toBe('- # 1\n  # 2\n  b: 2\n');
    expect(remove('- a: 1\n  b: 2\n', [0, 'a'])).toBe('- b: 2\n');
  });

  it('leaves an empty collection of the same type behind', () => {
    expect(remove('a: # 1\n  # 2\n\n  - x # 3\n\nb: 1\n', ['a', 0])).toBe(
      'a: [] # 1\n  # 2\n\n  # 3\n\nb: 1\n',
    );
    expect(remove('- a: 1\n', [0, 'a'])).toBe('- {}\n');
    expect(remove('a: 1 # c\n', ['a'])).toBe('{}\n# c\n');
    expect(remove('a: [ x ]\n', ['a', 0])).toBe('a: []\n');
  });

  it('removes entries of flow collections with their commas', () => {
    expect(remove('[a, b, c]', [0])).toBe('[b, c]');
    expect(remove('[a, b, c]', [1])).toBe('[a, c]');
    expect(remove('[a, b, c]', [2])).toBe('[a, b]');
    expect(remove('{ a: [\n  x, # 1\n  y # 2\n] }\n', ['a', 0])).toBe('{ a: [\n  # 1\n  y # 2\n] }\n');
    expect(remove('{ a: [\n  x, # 1\n  y # 2\n] }\n', ['a', 1])).toBe('{ a: [\n  x # 1\n  # 2\n] }\n');
  });

  it('does not let a comment or an empty line fall into the block scalar above', () => {
    expect(remove('a: |\n  x\nb: 1\n    # c\nd: 1\n', ['b'])).toBe('a: |\n  x\n# c\nd: 1\n');
    expect(remove('a: |+\n  x\n\nb: 1\n\nc: 1\n', ['b'])).toBe('a: |+\n  x\n\nc: 1\n');
  });
});

describe('editYaml around the data', () => {
  it('keeps byte order mark, directives, document marks, line breaks and a missing last line break', () => {
    const text = '\u{feff}%YAML 1.2\r\n---\r\na: 1 # c\r\n... # end\r\n# after\r\n';
    expect(append(text, ['b'], 'x\ny')).toBe(
      '\u{feff}%YAML 1.2\r\n---\r\na: 1 # c\r\nb:\r\n  - |-\r\n    x\r\n    y\r\n... # end\r\n# after\r\n',
    );
    expect(append('a: 1', ['b'], 'x')).toBe('a: 1\nb:\n  - x');
    expect(remove('a: 1\nb: 2', ['b'])).toBe('a: 1');
  });

  it('applies several edits one after the other', () => {
    const edits: YamlEdit[] = [
      { op: 'append', path: ['aliases'], value: 'one' },
      { op: 'append', path: ['aliases'], value: 'two' },
      { op: 'remove', path: ['aliases', 0] },
    ];
    expect(editYaml(PERSONA, edits)).toBe(PERSONA.replace('aliases: []', 'aliases:\n  - two'));
  });

  it('prints the document anew where the notation leaves no other way', () => {
    expect(set('a: [x: 1] # c\n', ['a', 0, 'y'], 2)).toBe('a: [ { x: 1, y: 2 } ] # c\n');
  });

  it('replaces aliases, anchors and tags that nothing else needs', () => {
    expect(set('a: &x 1\nb: *x # c\n', ['b'], 2)).toBe('a: &x 1\nb: 2 # c\n');
    expect(set('a: !!str 1 # c\n', ['a'], 2)).toBe('a: 2 # c\n');
  });
});

describe('editYaml refuses', () => {
  it.each([
    ['a key that stands twice', 'a: 1\nb: 2\na: 3\n', ['a'], /line 3/],
    ['text that is no YAML', 'a: 1\nb: "x\n', ['a'], /line \d/],
    ['several documents', 'a: 1\n---\nb: 1\n', ['a'], /line 2/],
    ['an alias without its anchor', 'a: 1\nb: *x\n', ['a'], /line 2/],
    ['an alias inside its own anchor', 'b: &x [ *x ]\n', ['a'], /line 1/],
    [
      'a value that an alias repeats elsewhere',
      'a: &x 1\nb: *x\n',
      ['a'],
      /set at a would change other data/,
    ],
    ['a way through a scalar', 'a: 1\n', ['a', 'b'], /set at a\.b: .*neither a map nor a sequence/],
    ['an item behind the end', 'a: [ 1 ]\n', ['a', 1], /no item 1/],
    ['an item of a sequence that is missing', 'a: 1\n', ['b', 0], /does not exist/],
  ])('%s', (_, text, path, message) => {
    expect(failure(() => set(text, path, 'new'))).toMatch(message);
  });

  it('to remove what is not there, and to append to what is no sequence', () => {
    expect(failure(() => remove('a: 1\n', ['b']))).toMatch(/remove at b: there is no such entry/);
    expect(failure(() => remove('a: 1\n', []))).toMatch(/whole document/);
    expect(failure(() => append('a: {}\n', ['a'], 1))).toMatch(/append at a: .*not a sequence/);
  });
});

describe('editYaml on persona files', () => {
  const folder = new URL('../../personas/', import.meta.url);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yaml')) : [];
  const files = names.map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);
  const personas = [['a sample', PERSONA] as const, ...files].filter(([, text]) =>
    hasVersionAndPlaybook(text),
  );

  it.each(personas)('raises the version and adds a rule of %s with the smallest difference', (_, text) => {
    const rule = {
      id: 'new-rule',
      section: 'Review',
      text: 'Say what you ran: and what you did not.',
      helpful: 0,
    };
    const now = editYaml(text, [
      { op: 'set', path: ['version'], value: '99.0.1' },
      { op: 'append', path: ['playbook'], value: rule },
    ]).split('\n');
    const old = text.replace(/^(version: *)[^ \n]+/m, '$199.0.1').split('\n');
    const at = now.findIndex((line, index) => line !== old[index]);
    expect(now.slice(at, at + 4).map((line) => line.trim().split(':')[0])).toEqual([
      '- id',
      'section',
      'text',
      'helpful',
    ]);
    expect([...now.slice(0, at), ...now.slice(at + 4)]).toEqual(old);
  });

  it('does what printing the node tree again does not: that changes lines which nobody edited', () => {
    const doc = parseDocument(PERSONA);
    doc.setIn(['version'], '1.0.1');
    const wanted = PERSONA.replace('1.0.0', '1.0.1');
    expect(doc.toString()).not.toBe(wanted);
    expect(set(PERSONA, ['version'], '1.0.1')).toBe(wanted);
  });
});

function hasVersionAndPlaybook(text: string): boolean {
  const data = parse(text) as { version?: unknown; playbook?: unknown };
  return typeof data.version === 'string' && Array.isArray(data.playbook) && data.playbook.length > 0;
}

function set(text: string, path: (string | number)[], value: YamlValue): string {
  return editYaml(text, [{ op: 'set', path, value }]);
}

function append(text: string, path: (string | number)[], value: YamlValue): string {
  return editYaml(text, [{ op: 'append', path, value }]);
}

function remove(text: string, path: (string | number)[]): string {
  return editYaml(text, [{ op: 'remove', path }]);
}

function failure(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (hasCode(error, 'yaml-edit-failed')) return error.message;
    throw error;
  }
  throw new Error('It did not fail.');
}
