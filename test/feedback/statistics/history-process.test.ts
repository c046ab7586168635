import { describe, expect, it } from 'vitest';
import {
  addRun,
  type HistoryProcess,
  newHistoryProcess,
} from '../../../src/feedback/statistics/history-process.ts';

function playRuns(process: HistoryProcess, runs: readonly boolean[]): HistoryProcess {
  return runs.reduce((before, accepted) => addRun(before, accepted), process);
}

describe('the comparison of a new version with a fixed history', () => {
  it('has the ratio counted by hand: a loss of 10, 20 or 35 points against one of 5', () => {
    const past = newHistoryProcess({ runs: 40, accepted: 30 });
    expect(addRun(past, false).harm).toBeCloseTo((0.35 + 0.45 + 0.6) / 3 / 0.3, 12);
    expect(addRun(past, true).harm).toBeCloseTo((0.65 + 0.55 + 0.4) / 3 / 0.7, 12);
    const both = [(0.35 * 0.65) / 0.21, (0.45 * 0.55) / 0.21, (0.6 * 0.4) / 0.21];
    expect(playRuns(past, [false, true]).harm).toBeCloseTo(
      (both[0] ?? 0) / 3 + ((both[1] ?? 0) + (both[2] ?? 0)) / 3,
      12,
    );
  });

  it('is not expected to grow while at most 5 points are lost, for every history', () => {
    for (let accepted = 0; accepted <= 100; accepted += 1) {
      const process = newHistoryProcess({ runs: 100, accepted });
      for (let p = Math.max(2, accepted - 5); p <= 100; p += 1) {
        const expected = (p / 100) * addRun(process, true).harm + (1 - p / 100) * addRun(process, false).harm;
        expect(expected, `${accepted} ${p}`).toBeLessThanOrEqual(1 + 1e-9);
      }
    }
  });

  it('is expected to grow when twenty points are lost', () => {
    const process = newHistoryProcess({ runs: 100, accepted: 75 });
    expect(0.55 * addRun(process, true).harm + 0.45 * addRun(process, false).harm).toBeGreaterThan(1.05);
  });

  it('never raises an alarm without a history', () => {
    const process = playRuns(
      newHistoryProcess({ runs: 0, accepted: 0 }),
      Array.from({ length: 50 }, () => false),
    );
    expect(process).toMatchObject({ harm: 1, runs: 50, past: null });
  });

  it('stays a number for 10^5 failures and for 10^5 successes', () => {
    for (const accepted of [true, false]) {
      let process = newHistoryProcess({ runs: 30, accepted: 30 });
      for (let run = 0; run < 100_000; run += 1) process = addRun(process, accepted);
      expect(Number.isFinite(process.harm) && process.harm > 0).toBe(true);
      expect(process.harm > 20).toBe(!accepted);
      expect(JSON.parse(JSON.stringify(process))).toEqual(process);
    }
  });

  it('refuses more accepted runs than runs', () => {
    expect(() => newHistoryProcess({ runs: 3, accepted: 4 })).toThrow(
      expect.objectContaining({ code: 'bad-argument' }),
    );
  });
});
