import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/contracts/clock.ts';
import { type BranchAt, isAncestor, moveTip, readTip } from '../../src/git/branch.ts';
import { openLog } from '../../src/git/log.ts';
import { unlimitedPushes } from '../../src/git/push-budget.ts';
import { pushesOfProcess } from '../../src/git/push-history.ts';
import type { RefTransport, RefVerdict } from '../../src/git/ref-transport.ts';
import { openRepository } from '../../src/git/repository.ts';
import { openWorkspace } from '../../src/ledger/workspace.ts';
import { bareRemote, gitFolder } from '../support/git-folder.ts';
import { author, byPath, localPlace, openWriter, remotePlace, type Writer } from './suites/places.ts';

const files = { 'log.txt': 'start\n', 'mine.txt': 'mine\n' };

describe('the local branch of a remote log', () => {
  test('follows the remote, and with it the checkout.', async () => {
    await using place = await remotePlace(files, byPath);
    const [here, elsewhere] = [await place.writer(), await place.writer()];
    await here.log.tip();
    expect(await here.folder.read('log.txt')).toBe('start\n');
    await append(elsewhere, 'one');
    await here.log.tip();
    expect(await here.folder.read('log.txt')).toBe('start\none\n');
    expect(await here.folder.git('status', '--porcelain')).toBe('');
    expect(here.warnings).toEqual([]);
  });

  test('keeps commits of the user that the remote lacks, and says so when they are in the way.', async () => {
    await using place = await remotePlace(files, byPath);
    const [here, elsewhere] = [await place.writer(), await place.writer()];
    await here.log.tip();
    await here.folder.write('mine.txt', 'changed\n');
    await here.folder.git('commit', '-qam', 'Mine');
    const mine = await here.folder.git('rev-parse', 'main');
    await here.log.tip();
    expect(here.warnings).toEqual([]);
    await append(elsewhere, 'one');
    await append(here, 'two');
    expect(here.warnings.join()).toContain('main has commits that');
    expect(await here.folder.git('rev-parse', 'main')).toBe(mine);
    expect(await here.folder.read('mine.txt')).toBe('changed\n');
    expect(await place.truth.git('show', 'main:log.txt')).toBe('start\none\ntwo');
  });

  test('is the first history of a remote that lacks the branch.', async () => {
    await using place = await remotePlace({}, byPath);
    const here = await place.writer();
    await here.folder.write('a.txt', 'a\n');
    await here.folder.git('add', '-A');
    await here.folder.git('commit', '-qm', 'Begin');
    await append(here, 'one');
    expect(await place.truth.git('log', '--format=%s', 'main')).toBe('Append one\nBegin');
    expect(await here.folder.git('status', '--porcelain')).toBe('');
  });

  test('is not pushed again to a remote that has had it.', async () => {
    await using folder = await gitFolder(files);
    await using remote = await bareRemote();
    await folder.git('remote', 'add', 'origin', remote.dir);
    await folder.git('push', '-q', 'origin', 'main');
    await remote.git('branch', '-m', 'main', 'trunk');
    await folder.write('millwright.yaml', '');
    const gone = { code: 'branch-gone', message: expect.stringContaining('no branch main any more') };
    for (const lookOnly of [false, true]) {
      const workspace = await openWorkspace(folder.dir, { lookOnly });
      await expect(workspace.log.tip()).rejects.toMatchObject(gone);
      workspace.close();
    }
    expect(await remote.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/trunk');
  });

  test('is not created where another branch leaves no room, and nothing loops.', async () => {
    await using place = await remotePlace(files, byPath);
    await place.truth.git('branch', 'team', 'main');
    await using folder = await gitFolder(files, { branch: 'team/ledger' });
    await folder.git('remote', 'add', 'origin', place.truth.dir);
    const { log, store } = await openWriter(folder, 'team/ledger', { url: place.truth.dir });
    await expect(log.tip()).rejects.toMatchObject({
      code: 'push-refused',
      hint: expect.stringContaining('rename'),
    });
    store.close();
  });

  test('that cannot be created for no known reason is an error, not an endless question.', async () => {
    await using folder = await gitFolder(files);
    const never: RefTransport = {
      name: 'never',
      read: async () => new Map(),
      look: async () => new Map(),
      push: async (): Promise<RefVerdict[]> => [{ result: 'lost', detail: 'no reason' }],
    };
    const at = await branchAt(folder.dir, never);
    await expect(readTip(at)).rejects.toMatchObject({
      code: 'remote-failed',
      message: expect.stringContaining('no reason'),
    });
  });
});

describe('a git command of a person that keeps the index locked', () => {
  test('does not turn a published transaction into a failed one, nor keep anybody from reading.', async () => {
    await using place = await remotePlace(files, byPath);
    const here = await place.writer();
    await here.log.tip();
    const lock = join(here.folder.dir, '.git/index.lock');
    await writeFile(lock, 'of a person');
    const at = {
      ...(await branchAt(here.folder.dir, here.refs)),
      onWarning: (text: string) => here.warnings.push(text),
    };
    const log = openLog({ at, store: here.store, author, attempts: 3 });
    const done = await log.transact({ subject: 'Write' }, async () => ({
      edits: [{ append: 'log.txt', content: 'one\n' }],
      value: 'mine',
    }));
    expect(done).toEqual({ value: 'mine', commit: await place.truth.git('rev-parse', 'main') });
    expect(here.warnings.join()).toContain('was not brought up to date');
    expect(await readFile(lock, 'utf8')).toBe('of a person');
    expect(await here.folder.read('log.txt')).toBe('start\n');
    await rm(lock);
    await here.log.tip();
    expect(await here.folder.read('log.txt')).toBe('start\none\n');
    expect(await here.folder.git('status', '--porcelain')).toBe('');
  });

  test('makes a local transaction fail after ten seconds, without a trace.', async () => {
    await using place = await localPlace(files);
    const { folder, store } = await place.writer();
    const lock = join(folder.dir, '.git/index.lock');
    await writeFile(lock, 'of a person');
    const log = openLog({ at: await branchAt(folder.dir), store, author, attempts: 3 });
    const stuck = log.transact({ subject: 'x' }, async () => ({
      edits: [{ put: 'x', content: 'x' }],
      value: null,
    }));
    await expect(stuck).rejects.toMatchObject({ code: 'index-locked', retry: 'back-off' });
    expect(await readFile(lock, 'utf8')).toBe('of a person');
    await rm(lock);
    expect(await folder.git('status', '--porcelain')).toBe('');
    expect(await folder.git('rev-list', '--count', 'main')).toBe('1');
  });
});

describe('a race', () => {
  test('that is lost every time ends with an error that says how often.', async () => {
    await using place = await localPlace(files, 'ledger');
    const { store, folder } = await place.writer();
    const log = openLog({
      at: { ...(await branchAt(folder.dir)), branch: 'ledger' },
      store,
      author,
      attempts: 3,
    });
    let decisions = 0;
    const lost = log.transact({ subject: 'x' }, async () => {
      decisions += 1;
      const other = await folder.git(
        'commit-tree',
        '-p',
        'ledger',
        '-m',
        `Other ${decisions}`,
        'ledger^{tree}',
      );
      await folder.git('update-ref', 'refs/heads/ledger', other);
      return { edits: [{ put: 'x', content: 'x' }], value: null };
    });
    await expect(lost).rejects.toMatchObject({ code: 'lost-race', retry: 'back-off', data: { attempts: 3 } });
    expect(decisions).toBe(3);
    expect(await folder.git('log', '--format=%s', 'ledger')).toBe('Other 3\nOther 2\nOther 1\nStart');
  });

  test('is decided again on the new tip, so that nothing is decided on old news.', async () => {
    await using place = await localPlace(files, 'ledger');
    const [one, two] = [await place.writer(), await place.writer()];
    const seen: (string | undefined)[] = [];
    await one.log.transact({ subject: 'Second' }, async (snapshot) => {
      seen.push(await snapshot.text('log.txt'));
      if (seen.length === 1) await append(two, 'first');
      return { edits: [{ append: 'log.txt', content: 'second\n' }], value: null };
    });
    expect(seen).toEqual(['start\n', 'start\nfirst\n']);
    expect(await place.truth.git('show', 'ledger:log.txt')).toBe('start\nfirst\nsecond');
  });

  test('is answered, not thrown, when the branch is moved by hand.', async () => {
    await using folder = await gitFolder(files);
    const at = await branchAt(folder.dir);
    const tip = (await readTip(at)) ?? '';
    const next = await folder.git('commit-tree', '-p', tip, '-m', 'Next', `${tip}^{tree}`);
    expect(await moveTip(at, next, tip, 'intake')).toMatchObject({ result: 'lost' });
    expect(await moveTip(at, null, next, 'intake')).toMatchObject({ result: 'lost' });
    expect(await moveTip(at, tip, next, 'intake')).toEqual({ result: 'moved' });
    expect(await isAncestor(at.repository, tip, next)).toBe(true);
    expect(await isAncestor(at.repository, next, tip)).toBe(false);
  });
});

describe('a merge', () => {
  test('leaves alone, with the parents that it names.', async () => {
    await using place = await localPlace(files);
    const { log, folder } = await place.writer();
    const side = await folder.git('commit-tree', '-p', 'main', '-m', 'Side', 'main^{tree}');
    const put = (path: string) => async () => ({ edits: [{ put: path, content: 'x' }], value: null });
    const all = [
      log.transact({ subject: 'One' }, put('one')),
      log.transact({ subject: 'Merge', merges: [side] }, put('two')),
      log.transact({ subject: 'Three' }, put('three')),
    ];
    await Promise.all(all);
    expect(await folder.git('log', '--first-parent', '--format=%s', 'main')).toBe('Three\nMerge\nOne\nStart');
    expect(await folder.git('rev-parse', 'main~1^2')).toBe(side);
  });
});

function append({ log }: Writer, line: string) {
  return log.transact({ subject: `Append ${line}` }, async () => ({
    edits: [{ append: 'log.txt', content: `${line}\n` }],
    value: null,
  }));
}

/** On `main`, with a clock on which ten seconds are soon over. */
async function branchAt(folder: string, remote?: RefTransport): Promise<BranchAt> {
  const repository = await openRepository(folder);
  const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() * 50 };
  return {
    repository,
    clock,
    branch: 'main',
    budget: unlimitedPushes(pushesOfProcess(clock)),
    ...(remote === undefined ? {} : { remote }),
  };
}
