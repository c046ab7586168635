import { outcomeText } from './ledger-folder.ts';

export interface Garbage {
  readonly what: string;
  /** Path below `queue/inbox`. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** What the page says, in order. */
  readonly says: readonly string[];
  /** Where the file goes, when that is not the same path below `queue/rejected`. */
  readonly to?: string;
  /** True when it must not be committed. */
  readonly local?: boolean;
  /** False when it can only lie in a folder, since the id of a cell has to be a ref name. */
  readonly cell?: boolean;
}

const token = `ghp_${'a1B2'.repeat(9)}`;
const valid = outcomeText('valid');

/** What people, editors, merges and attackers leave in an inbox. None of it is a contract. */
export const garbage: readonly Garbage[] = [
  {
    what: 'bad JSON',
    path: 'outcome/bad.json',
    content: '{\n  "id": "bad",\n  oops\n}',
    says: [':3: expected valid JSON (InvalidSymbol), found "oops"'],
  },
  {
    what: 'a truncated file',
    path: 'outcome/cut-short.json',
    content: valid.slice(0, -9),
    says: ['valid JSON'],
  },
  {
    what: 'markdown cut in its front matter',
    path: 'outcome/cut.md',
    content: '---\nidea_id: a\noutcome: failed\n',
    says: ['no second line of ---'],
  },
  {
    what: 'conflict markers',
    path: 'outcome/conflict.yaml',
    content: 'id: x\n<<<<<<< HEAD\noutcome: failed\n=======\noutcome: accepted\n>>>>>>> theirs\n',
    says: [':2: expected a merged file, found git conflict markers'],
  },
  {
    what: 'a key that stands twice',
    path: 'outcome/twice.json',
    content: '{"idea_id": "a",\n"outcome": "failed",\n"outcome": "accepted"}',
    says: [':3: outcome: expected each key once, found it twice'],
  },
  {
    what: 'a key that stands twice in YAML',
    path: 'outcome/twice-yaml.yaml',
    content: 'idea_id: a\noutcome: failed\noutcome: accepted\n',
    says: [':3: outcome: expected each key once, found it twice'],
  },
  {
    what: 'a newer schema version',
    path: 'outcome/newer.json',
    content: `{"schema_version": 2,${valid.slice(1)}`,
    says: ['schema_version: expected 1, found 2', 'update the runner'],
  },
  {
    what: 'another kind than its folder',
    path: 'outcome/kind.json',
    content: `{"kind": "patch",${valid.slice(1)}`,
    says: ['kind: expected "outcome", the folder it lies in, found "patch"'],
  },
  {
    what: 'an unknown kind',
    path: 'outcoem/x.json',
    content: valid,
    says: ['kind: expected one of outcome,', 'did you mean "outcome"?'],
  },
  {
    what: 'a missing field',
    path: 'outcome/missing.json',
    content: '{\n"idea_id": "a"}',
    says: [':1: outcome: expected one of "accepted"', 'found nothing'],
  },
  {
    what: 'a misspelt field',
    path: 'outcome/misspelt.yaml',
    content: 'idea_id: a\noutcome: failed\ncost_us: 1\n',
    says: [':3: cost_us: expected a known field', 'did you mean "cost_usd"?'],
  },
  {
    what: 'a value that is too long',
    path: 'outcome/long.yaml',
    content: `idea_id: ${'a'.repeat(201)}\noutcome: failed\n`,
    says: [':1: idea_id: expected at most 200 characters'],
  },
  {
    what: 'a time that is none',
    path: 'outcome/time.yaml',
    content: 'idea_id: a\noutcome: failed\nemitted_at: yesterday\n',
    says: [':3: emitted_at: expected an ISO 8601 instant'],
  },
  {
    what: 'a path as its id',
    path: 'outcome/escape.json',
    content: '{"id": "../../../etc/passwd", "idea_id": "a", "outcome": "failed"}',
    says: ['id: expected an id of letters', 'found "../../../etc/passwd"'],
  },
  {
    what: 'an absolute path as its id',
    path: 'outcome/absolute.json',
    content: '{"id": "/etc/passwd", "idea_id": "a", "outcome": "failed"}',
    says: ['id: expected an id of letters'],
  },
  {
    what: 'an empty file',
    path: 'outcome/empty.json',
    content: '',
    says: ['expected a contract, found an empty file'],
  },
  { what: 'nothing but spaces', path: 'outcome/blank.md', content: ' \n\t\n', says: ['found an empty file'] },
  {
    what: 'UTF-16',
    path: 'outcome/utf16.json',
    content: Buffer.from(`\uFEFF${valid}`, 'utf16le'),
    says: ['expected UTF-8 text'],
  },
  { what: 'zeros', path: 'outcome/zeros.json', content: Buffer.alloc(5_000), says: ['found bytes of zero'] },
  {
    what: 'random bytes',
    path: 'outcome/bytes.yaml',
    content: Buffer.from(Array.from({ length: 999 }, (_, n) => (n * 97 + 128) % 256)),
    says: ['UTF-8'],
  },
  {
    what: 'a list',
    path: 'outcome/list.json',
    content: `[${valid}]`,
    says: ['expected an object with fields'],
  },
  {
    what: 'a scalar',
    path: 'outcome/scalar.yaml',
    content: 'just words\n',
    says: ['expected an object with fields'],
  },
  {
    what: 'brackets without end',
    path: 'outcome/deep.json',
    content: '['.repeat(100_000),
    says: ['data of ordinary size'],
  },
  {
    what: 'brackets without end in YAML',
    path: 'outcome/deep-yaml.yaml',
    content: '['.repeat(1_000_000),
    says: ['data of ordinary size'],
  },
  {
    what: 'deep data of a size that JSON can read',
    path: 'outcome/deep-5000.json',
    content: `{"extra":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
    says: ['data of ordinary size'],
  },
  {
    what: 'an alias bomb',
    path: 'outcome/bomb.yaml',
    content: bomb(),
    says: ['YAML that expands to plain data'],
  },
  {
    what: 'a tag that makes objects',
    path: 'outcome/tag.yaml',
    content: 'idea_id: !!js/function "f"\noutcome: failed\n',
    says: ['Unresolved tag'],
  },
  {
    what: 'front matter that would run',
    path: 'outcome/run.md',
    content: '---js\nprocess.exit(66)\n---\n',
    says: ['front matter in "js"'],
  },
  {
    what: 'another ending',
    path: 'outcome/notes.txt',
    content: valid,
    says: ['expected a file that ends in .json, .yaml, .yml, .md, found .txt'],
  },
  { what: 'no ending', path: 'outcome/noending', content: valid, says: ['found no ending'] },
  {
    what: 'an ending alone in a name of dashes',
    path: 'outcome/-.json',
    content: valid.replace('"id":"valid",', ''),
    says: ['id: expected an id'],
    to: 'outcome/_.json',
    cell: false,
  },
  {
    what: 'a file directly in the inbox',
    path: 'loose.json',
    content: valid,
    says: ['expected a file at queue/inbox/<kind>/<name>, found a file outside any kind'],
    to: 'unknown/loose.json',
  },
  {
    what: 'a file too deep',
    path: 'outcome/2026/11/below.json',
    content: valid,
    says: ['found a file 3 folders deep'],
    to: 'outcome/below.json',
  },
  {
    what: 'a folder with the name of a file',
    path: 'outcome/folder.json/inner.json',
    content: valid,
    says: ['found a file 2 folders deep'],
    to: 'outcome/inner.json',
  },
  {
    what: 'a secret',
    path: 'outcome/secret.json',
    content: outcomeText('secret', { notes: `It printed ${token}.` }),
    says: ['notes: expected no secrets, found what looks like a GitHub token'],
    to: 'outcome/secret.local.json',
    local: true,
  },
  {
    what: 'a secret that no field shows',
    path: 'outcome/comment.yaml',
    content: `# ${token}\nidea_id: a\noutcome: nonsense\n`,
    says: ['outcome: expected one of', 'expected no secrets'],
    to: 'outcome/comment.local.yaml',
    local: true,
  },
  {
    what: 'a secret in a file that cannot be read',
    path: 'outcome/torn.json',
    content: `{"notes": "${token}`,
    says: ['valid JSON', 'expected no secrets'],
    to: 'outcome/torn.local.json',
    local: true,
  },
  {
    what: 'a secret in UTF-16',
    path: 'outcome/wide.json',
    content: Buffer.from(JSON.stringify({ notes: token }), 'utf16le'),
    says: ['bytes of zero', 'expected no secrets'],
    to: 'outcome/wide.local.json',
    local: true,
  },
  {
    what: 'a secret for a name',
    path: `outcome/${token}.json`,
    content: outcomeText('x').replace('"id":"x",', ''),
    says: ['id: expected no secrets'],
    to: 'outcome/_a_GitHub_token_.local.json',
    local: true,
  },
  {
    what: 'a name with a line end',
    path: 'outcome/two\nlines.json',
    content: '{',
    says: ['two lines.json'],
    to: 'outcome/two_lines.json',
    cell: false,
  },
  {
    what: 'a name with quotes and dollars',
    path: 'outcome/"q" \'s\' $(id) `x`;.json',
    content: '{',
    says: ['valid JSON'],
    to: 'outcome/_q_s_id_x_.json',
    cell: false,
  },
  {
    what: 'a name of letters from everywhere',
    path: 'outcome/naïve 日本 😀.json',
    content: '{',
    says: ['naïve 日本 😀.json'],
    to: 'outcome/na_ve_.json',
    cell: false,
  },
  {
    what: 'a name that looks like an option',
    path: 'outcome/-rf --no-preserve.json',
    content: '{',
    says: ['valid JSON'],
    to: 'outcome/_rf_--no-preserve.json',
    cell: false,
  },
  {
    what: 'a name of 250 letters',
    path: `outcome/${'n'.repeat(245)}.json`,
    content: '{',
    says: ['valid JSON'],
    to: `outcome/${'n'.repeat(100)}.json`,
  },
  {
    what: 'a kind with a harmful name',
    path: '$(reboot)/x.json',
    content: valid,
    says: ['kind: expected one of'],
    to: '_reboot_/x.json',
    cell: false,
  },
  {
    what: 'control characters',
    path: 'outcome/escape\u001b[2J.json',
    content: '{"a\u001b[31mb": 1, "idea_id": "\u0007"}',
    says: ['valid JSON'],
    to: 'outcome/escape_2J.json',
    cell: false,
  },
];

/** More than the limit that the tests set. */
export const tooBig: Garbage = {
  what: 'a file over the limit',
  path: 'outcome/big.json',
  content: outcomeText('big', { notes: 'x'.repeat(2_500_000) }),
  says: ['expected at most 2000000 bytes, found 2500'],
  to: 'outcome/big.local.json',
  local: true,
};

function bomb(): string {
  const rows = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (const [to, from] of [
    ['b', 'a'],
    ['c', 'b'],
    ['d', 'c'],
    ['e', 'd'],
    ['f', 'e'],
  ])
    rows.push(`${to}: &${to} [${Array.from({ length: 10 }, () => `*${from}`).join(', ')}]`);
  return rows.join('\n');
}

/** Nothing of a page may show these. */
export const hidden = /a1B2a1B2/;
