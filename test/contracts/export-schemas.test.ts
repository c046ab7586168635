import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { exportSchemas } from '../../src/contracts/export-schemas.ts';
import { kinds } from '../../src/contracts/kinds.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the exported JSON Schemas', () => {
  test('are the ones in state/schemas, byte for byte, and no others lie there.', async () => {
    const schemas = exportSchemas();
    for (const [path, content] of schemas)
      expect(await readFile(`${root}${path}`, 'utf8'), path).toBe(content);
    const there = (await readdir(`${root}state/schemas`)).filter((name) => name.endsWith('.json'));
    expect(new Set(there.map((name) => `state/schemas/${name}`))).toEqual(new Set(schemas.keys()));
  });

  test('are the same every time.', () => {
    expect([...exportSchemas()]).toEqual([...exportSchemas()]);
  });

  test.each(kinds.map((kind) => [kind.name, kind] as const))(
    'describe every field of %s, and forbid others.',
    (name, kind) => {
      const schema = JSON.parse(exportSchemas().get(`state/schemas/${name}.v1.json`) ?? '{}');
      const required = Object.entries(kind.fields.shape).flatMap(([field, type]) =>
        type.safeParse(undefined).success ? [] : [field],
      );
      expect(Object.keys(schema.properties)).toEqual(
        expect.arrayContaining(['id', 'kind', 'schema_version', 'source', ...Object.keys(kind.fields.shape)]),
      );
      expect(schema.properties.kind).toEqual({ type: 'string', const: name });
      expect(new Set(schema.required)).toEqual(new Set(required));
      expect(schema.additionalProperties).toBe(false);
      expect(schema).toMatchObject({ title: name, description: kind.summary });
    },
  );
});
