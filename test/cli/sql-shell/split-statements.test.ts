import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitStatements } from '../../../src/cli/sql-shell/split-statements.ts';
import { StatementReader } from '../../../src/cli/sql-shell/statement-reader.ts';

describe('statements', () => {
  test.each<readonly [string, readonly string[], string, string | undefined]>([
    ['', [], '', undefined],
    [' ; ;; ', [], '', undefined],
    ['select 1', [], 'select 1', undefined],
    ['select 1; select 2', ['select 1'], 'select 2', undefined],
    ["select ';'; x", ["select ';'"], 'x', undefined],
    ["select 'it''s;'; x", ["select 'it''s;'"], 'x', undefined],
    ["select 'a\\'; x", ["select 'a\\'"], 'x', undefined],
    ["select E'a\\'; b'; x", ["select E'a\\'; b'"], 'x', undefined],
    ["select note'a;'; x", ["select note'a;'"], 'x', undefined],
    ['select "a;""b"; x', ['select "a;""b"'], 'x', undefined],
    ['select $$a;b$$; x', ['select $$a;b$$'], 'x', undefined],
    ['select $t$a;$$;$t$; x', ['select $t$a;$$;$t$'], 'x', undefined],
    ['select a$b$; c$b$', ['select a$b$'], 'c$b$', undefined],
    ['select $1; select $name;', ['select $1', 'select $name'], '', undefined],
    ['select 1 -- a; b\n; x', ['select 1 -- a; b'], 'x', undefined],
    ['/* a; /* b; */ c; */ select 1;', ['select 1'], '', undefined],
    ['-- nothing\n', [], '', undefined],
    ['/* nothing */ ;', [], '', undefined],
    ["select 'a;", [], "select 'a;", 'string'],
    ['select "a;', [], 'select "a;', 'name'],
    ['select $x$ a; $$', [], 'select $x$ a; $$', 'dollar'],
    ['/* a; /* b */', [], '/* a; /* b */', 'comment'],
    ['-- a;', [], '-- a;', 'comment'],
  ])('of %j are found.', (text, statements, rest, open) => {
    const split = splitStatements(text);

    expect(split.statements.map(({ sql }) => sql)).toEqual(statements);
    expect(split.rest).toBe(rest);
    expect(split.open).toBe(open);
  });

  test('are as many as DuckDB finds, whatever they are made of.', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const piece = fc.constantFrom(
      ';',
      "';'",
      "'it''s'",
      '"a;""b"',
      '$$;$$',
      '$q$;$$;$q$',
      'a$b$',
      "E'\\';'",
      "'\\'",
      '-- c; \n',
      '/* ; /* ; */ ; */',
      '1',
      ',',
      'x',
      '\n',
      "''",
      'e',
      '$1',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 14 }), async (pieces) => {
        // Every piece in a place where any value may stand.
        const text = pieces
          .map((each) => (each === ';' ? '; select 0 as z' : ` , 1 as ${named(each)}`))
          .join(' ');
        const sql = `select 0 as z ${text};`;
        const counted = await connection.extractStatements(sql).then(
          ({ count }) => count,
          () => undefined,
        );
        fc.pre(counted !== undefined);
        expect(splitStatements(sql).statements).toHaveLength(counted ?? 0);
      }),
      { numRuns: 200 },
    );
    connection.closeSync();
  });

  test('come out the same however their lines arrive, with the line on which each begins.', () => {
    const piece = fc.constantFrom('select 1', ';', '\n', "'a\n;b'", '-- c;\n', '/* \n; */', '$$\n;$$', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const text = `${pieces.join('')}\n`;
        const reader = new StatementReader();
        const lines = text.split('\n').slice(0, -1);
        const found = [...lines.flatMap((line) => reader.take(line)), ...reader.end()];
        const { statements, rest, restStart } = splitStatements(text);
        const all = statements.map(({ sql, start }) => ({
          text: sql,
          line: text.slice(0, start).split('\n').length,
        }));
        if (rest.trim() !== '') {
          all.push({ text: rest.trim(), line: text.slice(0, restStart).split('\n').length });
        }
        expect(found).toEqual(all.map((each) => ({ kind: 'statement', ...each })));
      }),
    );
  });
});

/** A piece as the name of a column where it can be one, else as a value before it. */
function named(piece: string): string {
  return /^[a-z]/.test(piece) || piece.startsWith('"')
    ? piece
    : `n , ${/^[-/\n,]/.test(piece) ? `2 ${piece.replace(',', '')}` : piece}`;
}
