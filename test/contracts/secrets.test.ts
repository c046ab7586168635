import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkContract } from '../../src/contracts/check-contract.ts';
import { describeIssue } from '../../src/contracts/issue.ts';
import { kinds } from '../../src/contracts/kinds.ts';
import { findSecretIn } from '../../src/contracts/secret-places.ts';
import { findSecret, maskSecrets } from '../../src/contracts/secrets.ts';
import { fullExamples } from './full-examples.ts';

const letters = (least: number, most = least) =>
  fc.stringMatching(new RegExp(`^[A-Za-z0-9]{${least},${most}}$`));
const tokens: readonly (readonly [string, fc.Arbitrary<string>])[] = [
  ['an Anthropic key', letters(40, 90).map((text) => `sk-ant-api03-${text}`)],
  ['an OpenAI key', letters(40, 60).map((text) => `sk-proj-${text}`)],
  ['an OpenAI key', letters(48).map((text) => `sk-${text}`)],
  [
    'a GitHub token',
    fc
      .tuple(fc.constantFrom('ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'), letters(36))
      .map((parts) => parts.join('')),
  ],
  ['a GitHub token', letters(60).map((text) => `github_pat_${text}`)],
  ['a GitLab token', letters(20).map((text) => `glpat-${text}`)],
  ['a Slack token', letters(20).map((text) => `xoxb-123456-${text}`)],
  ['an AWS access key', fc.stringMatching(/^AKIA[A-Z0-9]{16}$/)],
  ['an npm token', letters(36).map((text) => `npm_${text}`)],
  [
    'a private key',
    fc
      .stringMatching(/^[A-Za-z0-9+]{200}$/)
      .map((text) => `-----BEGIN RSA PRIVATE KEY-----\n${text}\n-----END RSA PRIVATE KEY-----`),
  ],
  ['a password in a URL', letters(8, 30).map((text) => `https://ann:${text}@example.org/x.git`)],
  ['a password in a URL', letters(8, 30).map((text) => `redis://:${text}@example.org`)],
];
const anyToken = fc.oneof(...tokens.map(([, token]) => token));
/** The part of a token that must not be seen anywhere: its longest word. */
const heart = (token: string) =>
  (token.match(/[A-Za-z0-9+]+/g) ?? [])
    .filter((word) => !/example|BEGIN|PRIVATE/.test(word))
    .reduce((a, b) => (b.length > a.length ? b : a), '');

describe('a text', () => {
  test.each(tokens)(
    'that holds %s is found out, and masked so that nothing of it is left.',
    (label, token) => {
      const around = fc.string().map((text) => text.replace(/[A-Za-z0-9]+$/, ''));
      fc.assert(
        fc.property(
          around,
          token,
          fc.constantFrom('', ' ', '\n', '"', '`', ',', ' tail'),
          (before, secret, after) => {
            const text = `${before}${secret}${after}`;
            expect(findSecret(text)).toBe(label);
            expect(maskSecrets(text)).not.toContain(heart(secret));
            expect(maskSecrets(maskSecrets(text))).toBe(maskSecrets(text));
          },
        ),
      );
    },
  );

  test('is searched as JSON as well, where a line end is a backslash and an n.', () => {
    fc.assert(
      fc.property(anyToken, fc.constantFrom('\n', '\t', 'a\n', '"'), (secret, before) => {
        const text = JSON.stringify({ notes: `${before}${secret}` });
        expect(findSecret(text)).toBeDefined();
        expect(maskSecrets(text)).not.toContain(heart(secret));
        expect(() => JSON.parse(maskSecrets(text))).not.toThrow();
      }),
    );
  });

  test.each([
    'task-management-with-a-very-long-name-that-goes-on-and-on',
    'https://example.org:8443/path?x=1',
    'see http://example.org and write to joe@example.org: soon',
    '{"url":"http://host","contact":"a:joe@example.org"}',
    'AKIATOOSHORT',
    'git@github.com:owner/repo.git',
    'sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    '-----BEGIN PUBLIC KEY-----',
    '0123456789abcdef0123456789abcdef01234567',
  ])('such as %j is no secret.', (text) => {
    expect(findSecret(text)).toBeUndefined();
    expect(maskSecrets(text)).toBe(text);
  });

  test.each(['a.', 'sk-', 'x://y:', '-----BEGIN ', '_a', 'A', '://', ':@', '\\n'])(
    'of a million times %j is searched in no time.',
    (unit) => {
      const text = unit.repeat(1_000_000);
      const since = performance.now();
      findSecret(text);
      maskSecrets(text);
      expect(performance.now() - since).toBeLessThan(4_000);
    },
  );
});

describe('data', () => {
  test('is searched in every text and in every name, however deep, and the place is named.', () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    expect(findSecretIn({ a: [{ b: 1 }, { c: ['x', `x ${token}`] }] })).toEqual({
      label: 'a GitHub token',
      path: ['a', 1, 'c', 1],
    });
    expect(findSecretIn({ a: { [token]: 1 } })).toEqual({ label: 'a GitHub token', path: ['a'] });
    expect(findSecretIn([token])).toMatchObject({ path: [0] });
    expect(findSecretIn({ a: 1, b: null, c: 'fine' })).toBeUndefined();
  });

  test('that is spread over two fields is no secret: a URL here and an address there.', () => {
    expect(findSecretIn({ extra: { url: 'http://host', contact: 'a:joe@example.org' } })).toBeUndefined();
  });

  test('that refers to itself, or a thousand times to one text, is searched once.', () => {
    const circle: Record<string, unknown> = { text: 'x'.repeat(1_000_000) };
    circle.self = circle;
    circle.many = Array.from({ length: 2_000 }, () => circle.text);
    expect(findSecretIn(circle)).toBeUndefined();
  });
});

describe('a contract with a secret', () => {
  const places = kinds.flatMap((kind) =>
    textPlaces(fullExamples[kind.name] ?? {}).map((path) => [kind.name, path.join('.')] as const),
  );

  test.each(places)('of the kind %s, in %s, is refused; no message shows it.', (name, path) => {
    const kind = kinds.find((one) => one.name === name);
    if (kind === undefined) throw new Error(`no kind ${name}`);
    for (const secret of fc.sample(anyToken, { numRuns: 3, seed: path.length })) {
      // Also at the edge of where messages are cut: half a secret is one as well.
      for (const value of [secret, `${'x '.repeat(30)}${secret}`]) {
        const data = withText(structuredClone(fullExamples[name] ?? {}), path.split('.'), value);
        const checked = checkContract(kind, { data }, { id: 'an-id', source: 'inbox/x.json' });
        if (checked.ok) throw new Error('expected it to be refused');
        expect(checked.issues).toContainEqual(
          expect.objectContaining({ field: path, expected: 'no secrets', keepOut: 'secret' }),
        );
        const shown = [
          JSON.stringify(checked.issues),
          ...checked.issues.map((issue) => describeIssue('x.json', issue)),
        ].join('\n');
        for (const piece of pieces(heart(secret))) expect(shown).not.toContain(piece);
      }
    }
  });

  test('in its text, its id, its file name or the name of a field is refused; no message shows it.', () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const [outcome] = kinds;
    if (outcome === undefined) throw new Error('no kinds');
    const base = { idea_id: 'a', outcome: 'failed' };
    const cases = [
      checkContract(outcome, { data: base, body: `Used ${secret} today.` }, { id: 'x', source: 's' }),
      checkContract(outcome, { data: { ...base, id: secret } }, { id: 'x', source: 's' }),
      checkContract(outcome, { data: base }, { id: secret, source: 's' }),
      checkContract(outcome, { data: { ...base, [secret]: 1 } }, { id: 'x', source: 's' }),
      checkContract(outcome, { data: { ...base, extra: { [secret]: 1 } } }, { id: 'x', source: 's' }),
      checkContract(outcome, { data: { ...base, extra: { [secret]: {} } } }, { id: 'x', source: 's' }),
      checkContract(outcome, { data: { ...base, source: secret } }, { id: 'x', source: 's' }),
      checkContract(outcome, { data: { ...base, recorded_at: secret } }, { id: 'x', source: 's' }),
    ];
    for (const checked of cases) {
      expect(checked).toMatchObject({ ok: false });
      expect(JSON.stringify(checked)).toContain('what looks like a GitHub token');
      expect(JSON.stringify(checked)).not.toContain('a1B2a1B2');
    }
  });

  test('in the name of the file that it came from is recorded without it.', () => {
    const [outcome] = kinds;
    if (outcome === undefined) throw new Error('no kinds');
    const source = `inbox/outcome/ghp_${'a1B2'.repeat(9)}.json`;
    const checked = checkContract(
      outcome,
      { data: { id: 'x', idea_id: 'a', outcome: 'failed' } },
      { id: 'y', source },
    );
    expect(checked).toMatchObject({ ok: true, contract: { source: 'inbox/outcome/[a GitHub token].json' } });
  });
});

/** Paths of all texts in a contract. */
function textPlaces(data: unknown, path: readonly string[] = []): string[][] {
  if (typeof data === 'string') return [[...path]];
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => textPlaces(value, [...path, key]));
}

function withText(data: object, path: readonly string[], text: string): object {
  const holder = path
    .slice(0, -1)
    .reduce(
      (inside: Record<string, unknown>, key) => inside[key] as Record<string, unknown>,
      data as Record<string, unknown>,
    );
  holder[path.at(-1) ?? ''] = text;
  return data;
}

/** Every run of twelve characters. */
function pieces(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - 11) }, (_, at) => text.slice(at, at + 12));
}
