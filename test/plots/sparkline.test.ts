import { describe, expect, it, test } from 'vitest';
import { type SparklineOptions, sparkline } from '../../src/plots/sparkline.ts';

describe('a sparkline', () => {
  test.each<[readonly (number | null)[], SparklineOptions, string]>([
    [[], {}, ''],
    [[1, 2, 3, 4, 5, 6, 7, 8], {}, '▁▂▃▄▅▆▇█'],
    [[8, 1], {}, '█▁'],
    [[5, 5, 5], {}, '▅▅▅'],
    [[0, null, 1], {}, '▁ █'],
    [[null, null], {}, '  '],
    [[0, Number.NaN, Number.POSITIVE_INFINITY, 1], {}, '▁  █'],
    [[-1, 0, 1], {}, '▁▅█'],
    [[1, 2], { min: 0, max: 4 }, '▃▅'],
    [[-5, 9], { min: 0, max: 4 }, '▁█'],
    [[0, 0, 1, 1], { width: 2 }, '▁█'],
    [[0, null, null, null, 1, 1], { width: 3 }, '▁ █'],
    [[0, 1], { width: 10 }, '▁█'],
    [[-1.7e308, 1.7e308], {}, '▁█'],
  ])('of %j with %j is %j.', (values, options, expected) => {
    expect(sparkline(values, options)).toBe(expected);
  });

  it('has as many columns as it may.', () => {
    expect(
      sparkline(
        Array.from({ length: 1001 }, (_, index) => index),
        { width: 17 },
      ),
    ).toHaveLength(17);
  });
});
