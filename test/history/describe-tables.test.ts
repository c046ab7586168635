import { describe, expect, test } from 'vitest';
import { kinds } from '../../src/contracts/kinds.ts';
import { columnsOf } from '../../src/history/columns.ts';
import { describeTables } from '../../src/history/describe-tables.ts';

describe('the description of the tables', () => {
  test('names every kind and every column, in their order, with their types.', () => {
    expect(describeTables().map(({ name, summary }) => [name, summary])).toEqual(
      kinds.map(({ name, summary }) => [name, summary]),
    );
    for (const [at, kind] of kinds.entries()) {
      const { columns = [] } = describeTables()[at] ?? {};
      expect(columns.map(({ name, type }) => ({ name, type }))).toEqual(columnsOf(kind));
    }
  });

  test('says of every column what it tells, in a sentence.', () => {
    for (const { name, columns } of describeTables())
      for (const column of columns) expect(column.text, `${name}.${column.name}`).toMatch(/^\S.+\.$/s);
  });

  test('prefers the words of the schema, also where the field may be left out.', () => {
    const textOf = (table: string, column: string) =>
      describeTables()
        .find(({ name }) => name === table)
        ?.columns.find(({ name }) => name === column)?.text;
    expect(textOf('outcome', 'paired_key')).toBe(
      'The same key tried by several arms makes a paired comparison.',
    );
    expect(textOf('research_signal', 'source')).toBe('Who noticed it, such as the research agent.');
    expect(textOf('outcome', 'source')).toBe('Where it came from: a file, an import, a controller.');
    expect(textOf('patch', 'patch_id')).toBe('The id again.');
    expect(textOf('patch_decision', 'patch_id')).toBe('The patch that was decided on.');
  });
});
