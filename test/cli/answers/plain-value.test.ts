import { expect, test } from 'vitest';
import { memoryHistory } from './memory-history.ts';

/** SQL of a value, and what JSON says of it. */
const values: readonly (readonly [string, string])[] = [
  ['true', 'true'],
  ['NULL', 'null'],
  ['-7::TINYINT', '-7'],
  ['9007199254740991::BIGINT', '9007199254740991'],
  ['9007199254740993::BIGINT', '"9007199254740993"'],
  ['(-9223372036854775808)::BIGINT', '"-9223372036854775808"'],
  ['12::HUGEINT', '12'],
  ['170141183460469231731687303715884105727::HUGEINT', '"170141183460469231731687303715884105727"'],
  ['18446744073709551615::UBIGINT', '"18446744073709551615"'],
  ["repeat('9', 40)::BIGNUM", `"${'9'.repeat(40)}"`],
  ['1.50::DECIMAL(10, 2)', '1.5'],
  ['-0.07::DECIMAL(4, 2)', '-0.07'],
  ['12345678901234567.89::DECIMAL(20, 2)', '"12345678901234567.89"'],
  ['0.1::DOUBLE', '0.1'],
  ["'NaN'::DOUBLE", 'null'],
  ["'-Infinity'::DOUBLE", 'null'],
  ["TIMESTAMP '2026-03-01 10:00:00.5'", '"2026-03-01T10:00:00.500Z"'],
  ["TIMESTAMP '2026-03-01 10:00:00.500001'", '"2026-03-01T10:00:00.500001Z"'],
  ["TIMESTAMP '1969-12-31 23:59:59.999999'", '"1969-12-31T23:59:59.999999Z"'],
  ["TIMESTAMPTZ '2026-03-01 10:00:00+02'", '"2026-03-01T08:00:00.000Z"'],
  ["TIMESTAMP_S '2026-03-01 10:00:00'", '"2026-03-01T10:00:00.000Z"'],
  ["TIMESTAMP_MS '2026-03-01 10:00:00.25'", '"2026-03-01T10:00:00.250Z"'],
  ["TIMESTAMP_NS '2026-03-01 10:00:00.000000001'", '"2026-03-01T10:00:00.000000001Z"'],
  ["'infinity'::TIMESTAMP", '"infinity"'],
  ["'-infinity'::TIMESTAMP_S", '"-infinity"'],
  ["'infinity'::TIMESTAMP_MS", '"infinity"'],
  ["'infinity'::TIMESTAMP_NS", '"infinity"'],
  ["TIMESTAMP '12026-03-01 10:00:00'", '"12026-03-01 10:00:00"'],
  ["DATE '2026-02-28'", '"2026-02-28"'],
  ["TIME '12:30:00'", '"12:30:00"'],
  ['INTERVAL 3 DAY', '"3 days"'],
  ["'00000000-0000-4000-8000-000000000001'::UUID", '"00000000-0000-4000-8000-000000000001"'],
  ["'ab'::BLOB", '"ab"'],
  ["'x'::ENUM('x', 'y')", '"x"'],
  ['[1, NULL, 3]', '[1,null,3]'],
  ['array_value(1, 2)', '[1,2]'],
  ["{'a': 1, 'b': ['x']}", '{"a":1,"b":["x"]}'],
  ["MAP {'__proto__': 1}", '{"__proto__":1}'],
  ["MAP {'k': 9007199254740993, 'l': 1}", '{"k":"9007199254740993","l":1}'],
  ["MAP {[1]: 'one'}", '{"[1]":"one"}'],
  ["union_value(tag := 'v')", '{"tag":"v"}'],
  ['5::VARIANT', '5'],
  [`'{"a": [1, null], "b": "x"}'::JSON`, '{"a":[1,null],"b":"x"}'],
  [`'"text"'::JSON`, '"text"'],
  [`'null'::JSON`, 'null'],
  [
    `'{"n": 9007199254740993, "t": "9007199254740993", "f": 1.25e3}'::JSON`,
    '{"n":"9007199254740993","t":"9007199254740993","f":1250}',
  ],
  [`['{"a": 1}'::JSON]`, '[{"a":1}]'],
  [`{'j': '[1]'::JSON}`, '{"j":[1]}'],
  ["'a\"b' || chr(10)", '"a\\"b\\n"'],
];

test.each(values)('%s is %s in JSON.', async (sql, json) => {
  await using history = await memoryHistory();

  expect(await history.text(`SELECT ${sql} AS v`, { format: 'jsonl' })).toBe(`{"v":${json}}\n`);
});

test('Columns of the same name keep apart.', async () => {
  await using history = await memoryHistory();

  expect(await history.text('SELECT 1 AS a, 2 AS a', { format: 'jsonl' })).toBe('{"a":1,"a:1":2}\n');
});
