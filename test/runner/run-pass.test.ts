import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/contracts/clock.ts';
import { MillwrightError } from '../../src/contracts/millwright-error.ts';
import type { Controller, Step, StepReport } from '../../src/ledger/controller.ts';
import { readLast } from '../../src/ledger/read-entries.ts';
import { controllers } from '../../src/runner/controllers.ts';
import { type PassOptions, runPass } from '../../src/runner/run-pass.ts';
import { busyWorkspace, freshWorkspace, inWorkspace, outcomeText, place } from '../e2e/prepared-workspace.ts';
import type { GitFolder } from '../support/git-folder.ts';

let folder: GitFolder;
beforeEach(async () => {
  folder = await freshWorkspace();
});
afterEach(() => folder[Symbol.asyncDispose]());

const passWith = (some: readonly Controller[], more: Partial<PassOptions> = {}) =>
  inWorkspace(folder.dir, (context) => runPass(context, { controllers: some, ...more }));

/** A controller that has so much to do, one step in each round. */
function worker(name: string, times: number, act: (n: number) => void = () => undefined): Controller {
  let left = times;
  const step = (): Step => ({
    controller: name,
    summary: `${name} ${left}`,
    changes: true,
    apply: async () => {
      act(left);
      left -= 1;
      return { changed: true };
    },
  });
  return { name, plan: async () => (left > 0 ? [step()] : []) };
}

function failing(name: string, error: Error): Controller {
  return { name, plan: () => Promise.reject(error) };
}

describe('a pass', () => {
  test('plans round after round until no controller has anything left to do.', async () => {
    const done: string[] = [];
    const report = await passWith([
      worker('a', 2, (n) => done.push(`a${n}`)),
      worker('b', 3, (n) => done.push(`b${n}`)),
    ]);
    expect(done).toEqual(['a2', 'b3', 'a1', 'b2', 'b1']);
    expect(report).toMatchObject({ changed: true, interrupted: false, failures: [] });
  });

  test('lets a controller read what the one before it has recorded in the same round.', async () => {
    let recorded = false;
    const seen: boolean[] = [];
    const reader: Controller = {
      name: 'reader',
      plan: async () => {
        seen.push(recorded);
        return [];
      },
    };
    await passWith([worker('writer', 1, () => (recorded = true)), reader]);
    expect(seen[0]).toBe(true);
  });

  test('ends at some time, whatever controllers do, and leaves the rest to the next pass.', async () => {
    let steps = 0;
    const report = await passWith([worker('endless', Number.POSITIVE_INFINITY, () => (steps += 1))]);
    expect(steps).toBe(12);
    expect(report.changed).toBe(true);
  });

  test('goes on with the other controllers when one fails, and reports the failure once.', async () => {
    const fault = new MillwrightError('bad-persona', 'a persona is wrong', { hint: 'correct it' });
    const report = await passWith([failing('a', fault), worker('b', 3)]);
    expect(report.failures).toEqual([
      { controller: 'a', code: 'bad-persona', message: 'a persona is wrong', hint: 'correct it' },
    ]);
    expect(report.changed).toBe(true);
  });

  test('says what several controllers stumble over once, with their names.', async () => {
    const fault = () => new MillwrightError('branch-gone', 'the branch is gone', { hint: 'push it' });
    const other = new MillwrightError('bad-persona', 'the branch is gone');
    const all = [failing('a', fault()), failing('b', other), failing('ab', fault()), worker('c', 2)];
    const report = await passWith([...all, failing('a', fault())]);
    expect(report.failures).toEqual([
      { controller: 'a, ab', code: 'branch-gone', message: 'the branch is gone', hint: 'push it' },
      { controller: 'b', code: 'bad-persona', message: 'the branch is gone' },
    ]);
  });

  test.each(['remote-unreachable', 'disk-full', 'locked', 'index-locked', 'lost-race', 'push-refused'])(
    'fails as a whole with %s: that concerns every controller.',
    async (code) => {
      const pass = passWith([failing('a', new MillwrightError(code, 'x'))]);
      await expect(pass).rejects.toMatchObject({ code });
    },
  );

  test('fails as a whole with a fault of the program.', async () => {
    await expect(passWith([failing('a', new TypeError('x'))])).rejects.toThrow(TypeError);
  });

  test('that is told to stop ends between two steps, and still records what it did.', async () => {
    const stop = new AbortController();
    const done: number[] = [];
    const many = worker('a', 3, (n) => done.push(n));
    const twoAtOnce: Controller = {
      name: 'a',
      plan: async (context) => [...(await many.plan(context)), ...(await many.plan(context))],
    };
    const report = await passWith([twoAtOnce, worker('b', 1, (n) => done.push(n))], {
      signal: stop.signal,
      onStep: () => stop.abort(),
    });
    expect(done).toEqual([3]);
    expect(report).toMatchObject({ changed: true, interrupted: true });
    expect(await folder.git('log', '-1', '--format=%s')).toMatch(/^Record a pass/);
  });

  test('adds up what its steps report.', async () => {
    const reports: StepReport[] = [
      { changed: true, accepted: { outcome: 2 }, unchanged: 1, findings: 1 },
      { changed: true, accepted: { outcome: 1, patch: 1 }, rejected: [{ path: 'a', to: 'b', problem: 'c' }] },
      { changed: true, proposal: { proposal_id: 'p', result: 'opened' } },
      { changed: false, proposal: { proposal_id: 'p', result: 'unchanged' } },
      { changed: false, proposal: { proposal_id: 'q', result: 'unchanged' } },
      { changed: true, proposal: { proposal_id: 'q', result: 'merged' } },
    ];
    const controller: Controller = {
      name: 'a',
      plan: async () =>
        reports.splice(0).map((report) => ({
          controller: 'a',
          summary: '',
          changes: report.changed,
          apply: async () => report,
        })),
    };
    // The last thing that happened to a proposal counts, not that it was left alone afterwards.
    expect(await passWith([controller])).toMatchObject({
      accepted: { outcome: 3, patch: 1 },
      unchanged: 1,
      rejected: [{ path: 'a' }],
      findings: 1,
      proposals: [
        { proposal_id: 'p', result: 'opened' },
        { proposal_id: 'q', result: 'merged' },
      ],
    });
  });

  test("waits once for a file that may still be under somebody's pen, and then judges it.", async () => {
    await folder.write('queue/inbox/outcome/half.json', '{"idea_id": ');
    setTimeout(() => void folder.write('queue/inbox/outcome/half.json', outcomeText('whole')), 300);
    expect(await passWith(controllers)).toMatchObject({
      accepted: { outcome: 1 },
      rejected: [],
      settling: 0,
    });
  });

  test('records itself: who ran it, when, and what it did.', async () => {
    await place(folder.dir, 'queue/inbox/outcome/a.json', outcomeText('a'));
    await place(folder.dir, 'queue/inbox/outcome/b.json', '{');
    const report = await passWith(controllers);
    const [entry] = await inWorkspace(folder.dir, async ({ workspace }) =>
      readLast<Record<string, unknown>>((await workspace.log.tip()).snapshot, 'pass', 1),
    );
    expect(entry).toMatchObject({
      runner: expect.stringMatching(new RegExp(`:${process.pid}$`)),
      started_at: report.started_at,
      duration_ms: report.duration_ms,
      accepted: { outcome: 1 },
      rejected: 1,
    });
  });
});

describe('a pass with nothing to do', () => {
  test('makes no commit, moves no ref, writes no record, and leaves the index as it is.', async () => {
    await using busy = await busyWorkspace();
    const pass = () => inWorkspace(busy.dir, (context) => runPass(context, { controllers }));
    await pass();
    const index = await readFile(join(busy.dir, '.git/index'));
    const refs = await busy.git('for-each-ref');
    const objects = await busy.git('count-objects', '-v');
    expect(await pass()).toMatchObject({
      changed: false,
      failures: [],
      proposals: [{ result: 'unchanged' }],
    });
    expect(await busy.git('for-each-ref')).toBe(refs);
    expect(await busy.git('count-objects', '-v')).toBe(objects);
    expect((await readFile(join(busy.dir, '.git/index'))).equals(index)).toBe(true);
  });

  test('does not depend on what woke it: the deletion of every projection changes nothing either.', async () => {
    await using busy = await busyWorkspace();
    const pass = () => inWorkspace(busy.dir, (context) => runPass(context, { controllers }));
    await pass();
    const refs = await busy.git('for-each-ref');
    await busy.git('clean', '-q', '-f', '-d', '-x');
    expect(await pass()).toMatchObject({ changed: false });
    expect(await busy.git('for-each-ref')).toBe(refs);
  });

  test('asks a clock for the time and never the machine.', async () => {
    const clock = { ...systemClock, now: () => new Date('2031-05-06T07:08:09.000Z') };
    await place(folder.dir, 'queue/inbox/outcome/a.json', outcomeText('a'));
    await inWorkspace(folder.dir, (context) => runPass(context, { controllers }), { clock });
    const paths = await folder.git('ls-tree', '-r', '--name-only', 'main', 'state');
    expect(paths).toContain('state/outcome/2031-05/0001.jsonl');
    expect(await folder.git('log', '-1', '--format=%cI')).toBe('2031-05-06T07:08:09+00:00');
  });
});
