import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { kinds } from '../../src/contracts/kinds.ts';
import { settings } from '../../src/contracts/settings.ts';

const page = fileURLToPath(new URL('../../state/README.md', import.meta.url));
/** Fields that the page explains once, for every kind. */
const everywhere = new Set(['emitted_at', 'extra', 'source']);

describe('state/README.md', () => {
  let text = '';
  beforeAll(async () => {
    text = await readFile(page, 'utf8');
  });

  /** The part of the page under the headline that names the kind. */
  const sectionOf = (kind: string) =>
    text.split(/^## /m).find((section) => (section.split('\n')[0] ?? '').includes(`\`${kind}\``)) ?? '';

  test.each(kinds.map((kind) => [kind.name, kind] as const))(
    'documents the kind %s with each of its fields.',
    (name, kind) => {
      const section = sectionOf(name);
      expect(section).not.toBe('');
      const missing = Object.keys(kind.fields.shape).filter(
        (field) => !everywhere.has(field) && !section.includes(`\`${field}\``),
      );
      expect(missing).toEqual([]);
    },
  );

  test('documents the fields that kinds share.', () => {
    for (const field of ['id', 'kind', 'schema_version', 'recorded_at', ...everywhere])
      expect(text).toContain(`\`${field}\``);
  });

  test('documents no kind that does not exist.', () => {
    const headlines = [...text.matchAll(/^## (.*)$/gm)].map((match) => match[1] ?? '');
    const named = headlines.flatMap((line) =>
      [...line.matchAll(/`([a-z_]+)`/g)].map((match) => match[1] ?? ''),
    );
    expect(new Set(named.filter((name) => name !== 'millwright'))).toEqual(
      new Set(kinds.map((kind) => kind.name)),
    );
  });

  test('documents every setting with its default.', () => {
    for (const [name, value] of flat(settings.parse({}))) {
      const line = text.split('\n').find((row) => row.startsWith('|') && row.includes(`\`${name}\``));
      expect(line, name).toBeDefined();
      expect(line, name).toContain(String(value));
    }
    for (const name of Object.keys(settings.shape))
      expect(text).toMatch(new RegExp(`\`${name}(?:\\.[a-z_]+)?\``));
  });

  test('gives an example of a record whose fields exist.', () => {
    const example = /^\{"id":.*$/m.exec(text)?.[0] ?? '';
    const named = [...example.matchAll(/"([a-z_]+)":/g)].map((match) => match[1] ?? '');
    const kind = kinds.find(({ name }) => example.includes(`"kind":"${name}"`));
    const known = [
      'id',
      'kind',
      'schema_version',
      'recorded_at',
      'source',
      ...Object.keys(kind?.fields.shape ?? {}),
    ];
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});

test('every kind has a name that is a folder, a summary and strict fields, and no two share a name.', () => {
  for (const kind of kinds) {
    expect(kind.name).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
    expect(kind.summary).toMatch(/^[A-Z].*\.$/);
    expect(kind.fields.safeParse({ no_such_field: 1 }).error?.issues).toContainEqual(
      expect.objectContaining({ code: 'unrecognized_keys' }),
    );
    if (kind.idField !== undefined) expect(kind.fields.shape).toHaveProperty(kind.idField);
    if (kind.bodyField !== undefined) expect(kind.fields.shape[kind.bodyField]).toBeInstanceOf(z.ZodType);
  }
  expect(new Set(kinds.map(({ name }) => name)).size).toBe(kinds.length);
});

function flat(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, path === '' ? key : `${path}.${key}`));
}
