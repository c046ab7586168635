import { describe, expect, test } from 'vitest';
import { isMissing, numberOf, textOf, timeOf } from '../../src/plots/cell-value.ts';

const decimal = { width: 5, toString: () => '12.50' };

describe('a value of a cell', () => {
  test.each<[unknown, number | undefined]>([
    [3, 3],
    [12n, 12],
    ['12', 12],
    [' -1.5e3 ', -1500],
    [decimal, 12.5],
    [1e-200, 0],
    [1e200, undefined],
    ['', undefined],
    ['1,000', undefined],
    ['0x10', undefined],
    ['Infinity', undefined],
    [true, undefined],
    [new Date(0), undefined],
  ])('$0 is the number $1.', (value, number) => {
    expect(numberOf(value)).toBe(number);
  });

  test.each<[unknown, string | undefined]>([
    [new Date('2026-01-02T03:04:05Z'), '2026-01-02T03:04:05.000Z'],
    ['2026-01', '2026-01-01T00:00:00.000Z'],
    ['2026-01-02', '2026-01-02T00:00:00.000Z'],
    ['2026-01-02 03:04', '2026-01-02T03:04:00.000Z'],
    ['2026-01-02 03:04:05.123456', '2026-01-02T03:04:05.123Z'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05+02:30', '2026-01-02T00:34:05.000Z'],
    ['2026-01-02 03:04:05-08', '2026-01-02T11:04:05.000Z'],
    ['2026-02-30', undefined],
    ['2026-13-01', undefined],
    ['2026', undefined],
    ['2026-W05', undefined],
    ['1.2.3', undefined],
    [20260102, undefined],
    [new Date(Number.NaN), undefined],
    [new Date(8.64e15), undefined],
  ])('$0 is the time $1.', (value, time) => {
    const ms = timeOf(value);
    expect(ms === undefined ? undefined : new Date(ms).toISOString()).toBe(time);
  });

  test.each([
    null,
    undefined,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e101,
    10n ** 101n,
    new Date(Number.NaN),
  ])('$0 is missing.', (value) => {
    expect(isMissing(value)).toBe(true);
  });

  test.each<[unknown, string]>([
    [decimal, '12.50'],
    [{ a: 1n }, '{"a":"1"}'],
    [['x'], '["x"]'],
    [false, 'false'],
    [Object.create(null), '{}'],
  ])('reads as the text $1.', (value, text) => {
    expect(textOf(value)).toBe(text);
  });
});
