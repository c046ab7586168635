import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type AuditOptions, auditQueue } from '../../src/audit/audit-queue.ts';
import { bareRemote, type GitFolder, gitFolder } from '../support/git-folder.ts';
import { httpGitServer } from '../support/http-git-server.ts';
import { cellSpace, ledgerRemote, linesOf, sayInCell, waitingFiles, writeCommits } from './audited-remote.ts';

// Git runs with the environment of this process: nothing of this machine may get in.
Object.assign(process.env, { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' });

describe('an audit of a remote workspace', () => {
  test('finds the same over a path and over http, and leaves no trace in the workspace.', async () => {
    await using remote = await spoiledRemote();
    await using server = await httpGitServer({ root: dirname(remote.dir) });
    for (const address of [remote.dir, `${server.url}/${basename(remote.dir)}`]) {
      await using clone = await cloneOf(remote, address);
      const before = await traces(clone);
      expect(await audit(clone, address)).toMatchObject(await spoiledReport(remote));
      expect(await traces(clone)).toEqual(before);
    }
  });

  test('finds the same in a repository without a remote.', async () => {
    await using remote = await spoiledRemote();
    const options = { root: remote.dir, ledgerBranch: 'main', namespace: 'refs/millwright' };
    expect(await auditQueue(options)).toMatchObject(await spoiledReport(remote));
  });

  test.each([
    ['a shallow clone', ['--depth=1']],
    ['a clone without file contents', ['--filter=blob:none', '--no-checkout']],
  ])('finds the same from %s, which it borrows nothing from.', async (_, words) => {
    await using remote = await spoiledRemote();
    await remote.git('config', 'uploadpack.allowFilter', 'true');
    await using place = await gitFolder();
    await place.git('clone', '-q', ...words, `file://${remote.dir}`, 'clone');
    const root = join(place.dir, 'clone');
    expect(await auditQueue(optionsOf(root, remote.dir))).toMatchObject(await spoiledReport(remote));
  });

  test('finds the same from a second work tree, by an address that is relative to it.', async () => {
    await using remote = await spoiledRemote();
    await using clone = await cloneOf(remote);
    await clone.git('worktree', 'add', '-q', '../second');
    const second = join(clone.dir, '../second');
    await clone.git(
      '-C',
      second,
      'remote',
      'set-url',
      'origin',
      `../../${basename(dirname(remote.dir))}/remote.git`,
    );
    expect(await auditQueue(optionsOf(second, remote.dir))).toMatchObject(await spoiledReport(remote));
  });

  test('runs no hook of the workspace.', async () => {
    await using remote = await spoiledRemote();
    await using clone = await cloneOf(remote);
    const hook = join(clone.dir, 'hooks/reference-transaction');
    await clone.write('hooks/reference-transaction', '#!/bin/sh\nexit 1\n');
    await chmod(hook, 0o755);
    await clone.git('config', 'core.hooksPath', join(clone.dir, 'hooks'));
    expect(await audit(clone, remote.dir)).toMatchObject(await spoiledReport(remote));
  });

  test('reads a ledger and cells under other names.', async () => {
    await using remote = await ledgerRemote(waitingFiles('a'), 'team/ledger');
    await sayInCell(remote, 'a', {}, 'refs/heads/mill');
    await using clone = await gitFolder({ 'x.txt': 'x\n' });
    await clone.git('remote', 'add', 'origin', remote.dir);
    const options = {
      ...optionsOf(clone.dir, remote.dir),
      ledgerBranch: 'team/ledger',
      namespace: 'refs/heads/mill',
    };
    expect(await auditQueue(options)).toMatchObject({ live: 1, cells: 1, claims: 1, violations: [] });
  });

  test('that finds no ledger branch says so, here and there.', async () => {
    await using remote = await bareRemote();
    await using clone = await gitFolder({ 'x.txt': 'x\n' });
    await clone.git('remote', 'add', 'origin', remote.dir);
    await expect(audit(clone, remote.dir)).rejects.toMatchObject({ code: 'no-ledger' });
    const here = { root: remote.dir, ledgerBranch: 'main', namespace: 'refs/millwright' };
    await expect(auditQueue(here)).rejects.toMatchObject({ code: 'no-ledger' });
  });

  test('that cannot reach its remote fails with the words of git, and cleans up.', async () => {
    await using clone = await gitFolder({ 'x.txt': 'x\n' });
    await using scratch = await scratchFolder();
    await clone.git('remote', 'add', 'origin', '/nowhere/at/all.git');
    await expect(audit(clone, '/nowhere/at/all.git')).rejects.toMatchObject({
      code: 'git-failed',
      message: expect.stringContaining('/nowhere/at/all.git'),
    });
    expect(await readdir(scratch.dir)).toEqual([]);
  });
});

describe('an audit that is killed while it fetches', () => {
  test('leaves no ref and no file in the workspace.', async () => {
    await using remote = await spoiledRemote();
    const asked = new EventEmitter();
    const heard = once(asked, 'asked');
    const never = new Promise<undefined>(() => undefined);
    await using server = await httpGitServer({
      root: dirname(remote.dir),
      intercept: (req) => {
        if (req.method !== 'POST') return undefined;
        asked.emit('asked');
        return never;
      },
    });
    const address = `${server.url}/${basename(remote.dir)}`;
    await using clone = await cloneOf(remote, address);
    await using scratch = await scratchFolder();
    const before = await traces(clone);
    const args = ['--import', 'tsx', child, JSON.stringify(optionsOf(clone.dir, address))];
    const env = { ...clone.env, TMPDIR: scratch.dir };
    const audit = spawn(process.execPath, args, { env, stdio: 'inherit' });
    await heard;
    audit.kill('SIGKILL');
    expect((await once(audit, 'exit'))[1]).toBe('SIGKILL');
    expect(await traces(clone)).toEqual(before);
  });
});

describe('an audit of the branches', () => {
  test('accepts heads that are at the result or have gone on from it, and nothing else.', async () => {
    await using remote = await ledgerRemote({});
    const names = ['same', 'on', 'back', 'other', 'gone', 'waits'];
    const commits = new Map<string, string>();
    for (const name of names) commits.set(name, await pushed(remote, name, 'result'));
    await pushed(remote, 'on', 'more', commits.get('on'));
    await remote.git('update-ref', 'refs/heads/feat/back', await remote.git('rev-parse', 'main'));
    await pushed(remote, 'other', 'something else');
    await remote.git('update-ref', '-d', 'refs/heads/feat/gone');
    await pushed(remote, 'waits', 'something else');
    const result = (name: string) => ({ branch_name: `feat/${name}`, commit_hash: commits.get(name) ?? '' });
    const folded = names.slice(0, -1);
    const files = { ...recordsOfShipped(folded, result), ...waitingFiles('waits') };
    const parent = await remote.git('rev-parse', 'main');
    writeCommits(remote, [{ ref: 'refs/heads/main', files, parent }]);
    await sayInCell(remote, 'waits', {});
    const waits = await sayInCell(remote, 'waits', { state: 'shipped', result: result('waits') });
    await using clone = await cloneOf(remote);
    const options = optionsOf(clone.dir, remote.dir);
    expect(await auditQueue(options)).toMatchObject({ violations: [] });
    const here = { root: remote.dir, ledgerBranch: 'main', namespace: 'refs/millwright', branches: true };
    for (const report of [await auditQueue({ ...options, branches: true }), await auditQueue(here)])
      expect(report.violations.map(({ rule, slot, where }) => [rule, slot, where])).toEqual([
        ['branch-mismatch', 'back', 'state/outcome/2026-11/0001.jsonl:3'],
        ['branch-mismatch', 'other', 'state/outcome/2026-11/0001.jsonl:4'],
        ['branch-mismatch', 'gone', 'state/outcome/2026-11/0001.jsonl:5'],
        ['branch-mismatch', 'waits', waits],
      ]);
  });
});

describe('an audit of files that say something else than they should', () => {
  test('names each of them with its line.', async () => {
    await using remote = await ledgerRemote({
      ...waitingFiles('a'),
      'queue/slots/b.json': '{"slot_id":"c","item_id":"i1"}',
      'queue/slots/.gitkeep': '',
      'queue/dead/d.json': '{',
      'queue/items/i2.yaml': 'item_id: [\n',
      'state/slot_event/2026-11/0001.jsonl': `${linesOf('slot_event', [{ slot_id: 'a' }])}\n<<<<<<<\n`,
      'state/outcome/2026-11/0001.jsonl': `${JSON.stringify({ id: 'x', kind: 'outcome', source: 'import' })}\n`,
    });
    await using clone = await cloneOf(remote);
    const { violations } = await audit(clone, remote.dir);
    expect(violations.map(({ rule, where }) => [rule, where])).toEqual([
      ['bad-item', 'queue/items/i2.yaml'],
      ['bad-slot', 'queue/slots/b.json'],
      ['bad-slot', 'queue/dead/d.json'],
      ['bad-record', 'state/slot_event/2026-11/0001.jsonl:1'],
      ['bad-record', 'state/slot_event/2026-11/0001.jsonl:3'],
    ]);
  });

  test('names cells that are no line of claims.', async () => {
    await using remote = await ledgerRemote(waitingFiles('a', 'b', 'c'));
    const blob = await remote.git('rev-parse', 'main:queue/items/i1.yaml');
    await remote.git('update-ref', `${cellSpace}/a`, blob);
    await remote.git('update-ref', `${cellSpace}/b`, 'main');
    const tip = await remote.git('rev-parse', 'main');
    await using clone = await cloneOf(remote);
    const { violations } = await audit(clone, remote.dir);
    expect(violations.map(({ rule, slot, where }) => [rule, slot, where])).toEqual([
      ['bad-cell', 'a', blob],
      ['foreign-write', 'b', tip],
    ]);
  });
});

/** One slot that two workers hold, and one whose cell was claimed as it should be. */
async function spoiledRemote(): Promise<GitFolder> {
  const remote = await ledgerRemote(waitingFiles('a', 'b'));
  await sayInCell(remote, 'a', {});
  await sayInCell(remote, 'a', { token: 2 });
  const commit = await sayInCell(remote, 'b', {});
  const expired = { commit, token: 1, worker_id: 'w1', judged_by: 'the clock' };
  await sayInCell(remote, 'b', { token: 2, expired });
  return remote;
}

async function spoiledReport(remote: GitFolder) {
  const where = await remote.git('rev-parse', `${cellSpace}/a`);
  const violations = [{ rule: 'two-holders', slot: 'a', where }];
  return { slots: 2, items: 1, live: 2, claims: 4, cells: 2, strays: [], violations };
}

async function cloneOf(remote: GitFolder, address = remote.dir): Promise<GitFolder> {
  const clone = await gitFolder();
  await clone.git('remote', 'add', 'origin', address);
  await clone.git('pull', '-q', remote.dir, 'main');
  return clone;
}

function audit(clone: GitFolder, address: string) {
  return auditQueue(optionsOf(clone.dir, address));
}

function optionsOf(root: string, address: string): AuditOptions {
  const remote = { name: 'origin', address };
  return { root, ledgerBranch: 'main', namespace: 'refs/millwright', remote };
}

/** Everything in the git folder of a clone, objects too. */
async function traces(clone: GitFolder): Promise<string[]> {
  return (await readdir(join(clone.dir, '.git'), { recursive: true })).toSorted();
}

const child = fileURLToPath(new URL('fixtures/audit-child.ts', import.meta.url));

/** A folder for temporary files that only this test uses. */
async function scratchFolder(): Promise<AsyncDisposable & { readonly dir: string }> {
  const before = process.env.TMPDIR;
  const place = await gitFolder();
  const dir = join(place.dir, 'tmp');
  await mkdir(dir);
  process.env.TMPDIR = dir;
  return {
    dir,
    [Symbol.asyncDispose]: async () => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      await place[Symbol.asyncDispose]();
    },
  };
}

async function pushed(remote: GitFolder, name: string, text: string, parent?: string): Promise<string> {
  const ref = `refs/heads/feat/${name}`;
  writeCommits(remote, [
    { ref, files: { 'a.txt': `${name} ${text}` }, ...(parent === undefined ? {} : { parent }) },
  ]);
  return remote.git('rev-parse', ref);
}

function recordsOfShipped(
  slots: readonly string[],
  resultOf: (slot: string) => object,
): Record<string, string> {
  const events = slots.flatMap((slot_id) =>
    ['claimed', 'shipped'].map((event) => ({ slot_id, item_id: 'i2', event, token: 1, worker_id: 'w1' })),
  );
  const outcomes = slots.map((slot_id) => ({
    outcome: 'accepted',
    extra: { slot_id, token: 1 },
    ...resultOf(slot_id),
  }));
  const items = [
    { item_id: 'i2', event: 'queued', slots },
    { item_id: 'i2', event: 'complete', slots, ends: { shipped: slots.length } },
  ];
  return {
    'state/slot_event/2026-11/0001.jsonl': linesOf('slot_event', events),
    'state/outcome/2026-11/0001.jsonl': linesOf('outcome', outcomes),
    'state/item_event/2026-11/0001.jsonl': linesOf('item_event', items),
  };
}
