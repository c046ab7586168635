import { describe, expect, test } from 'vitest';
import { MillwrightError } from '../../src/contracts/millwright-error.ts';
import { RecordIndex } from '../../src/ledger/record-index.ts';
import { openWorkspace } from '../../src/ledger/workspace.ts';
import { controllers } from '../../src/runner/controllers.ts';
import { runPass } from '../../src/runner/run-pass.ts';
import { place as drop, outcomeText } from '../e2e/prepared-workspace.ts';
import { bareRemote, type GitFolder, gitFolder } from '../support/git-folder.ts';

// Passes run git with the environment of this process: nothing of this machine may get in.
Object.assign(process.env, { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' });

const APART = 'ledger_branch: millwright/ledger\n';
const proposal = 'refs/heads/millwright/persona-solver/0123456789ab';

interface Place extends AsyncDisposable {
  readonly remote: GitFolder;
  readonly first: GitFolder;
  clone(): Promise<GitFolder>;
}

/** A remote to which a person has pushed `main`, or nothing yet. */
async function place(settings: string, pushed = true): Promise<Place> {
  const remote = await bareRemote();
  const first = await gitFolder({ 'millwright.yaml': settings, '.gitignore': '.millwright/\n' });
  await drop(first.dir, 'queue/inbox/outcome/a.json', outcomeText('a'));
  await first.git('remote', 'add', 'origin', remote.dir);
  if (pushed) await first.git('push', '-q', '-u', 'origin', 'main');
  const folders = [first, remote];
  const clone = async () => {
    const folder = await gitFolder();
    folders.push(folder);
    await folder.git('remote', 'add', 'origin', remote.dir);
    await folder.git('fetch', '-q', 'origin');
    const head = (await remote.git('symbolic-ref', '--short', 'HEAD')).trim();
    await folder.git('checkout', '-q', '-B', head, `origin/${head}`);
    return folder;
  };
  const dispose = async () => {
    for (const folder of folders) await folder[Symbol.asyncDispose]();
  };
  return { remote, first, clone, [Symbol.asyncDispose]: dispose };
}

async function pass(folder: GitFolder) {
  const workspace = await openWorkspace(folder.dir);
  try {
    const report = await runPass({ workspace, index: new RecordIndex(workspace.cache) }, { controllers });
    return { ...report, warnings: workspace.warnings };
  } finally {
    workspace.close();
  }
}

async function prunedOf(folder: GitFolder): Promise<GitFolder> {
  await folder.git('fetch', '-q', '--prune');
  return folder;
}

const branches = ({ remote }: Place) => remote.git('for-each-ref', '--format=%(refname)', 'refs/heads');

/** What a pass says about a ledger branch that must be there; it changes nothing in the remote. */
async function refusal(at: Place, folder: GitFolder): Promise<MillwrightError> {
  const before = await at.remote.git('for-each-ref');
  const error = await pass(folder).catch((thrown: unknown) => thrown);
  expect(await at.remote.git('for-each-ref')).toBe(before);
  if (!(error instanceof MillwrightError)) throw new Error(`expected an error, found ${String(error)}`);
  expect(error.code).toBe('branch-gone');
  return error;
}

describe('a base branch that the remote lacks', () => {
  test.each<readonly [string, (at: Place) => Promise<GitFolder>]>([
    ['a fresh clone', (at) => at.clone()],
    ['a clone that has pruned', async ({ first }) => prunedOf(first)],
    ['the clone that pushed it', async ({ first }) => first],
  ])('because it was renamed there is not begun anew by %s.', async (_from, open) => {
    await using at = await place('schedules: { loop: "0 2 * * 0" }\n');
    await pass(at.first);
    await at.remote.git('branch', '-m', 'main', 'trunk');
    const failure = await refusal(at, await open(at));
    expect(failure.message).toContain("the remote's default branch is trunk");
    expect(failure.hint).toContain('base_branch');
    expect(await branches(at)).toBe('refs/heads/trunk');
  });

  test('is not only looked for in vain by commands that look.', async () => {
    await using at = await place('');
    await at.remote.git('branch', '-m', 'main', 'trunk');
    const clone = await at.clone();
    const workspace = await openWorkspace(clone.dir, { lookOnly: true });
    await expect(workspace.base.tip()).rejects.toMatchObject({
      code: 'branch-gone',
      data: { branch: 'main', default_branch: 'trunk' },
    });
    workspace.close();
  });

  test('is missed with a ledger branch of its own as well, which goes on.', async () => {
    await using at = await place(APART);
    await pass(at.first);
    await at.remote.git('branch', '-m', 'main', 'trunk');
    const { failures } = await pass(await at.clone());
    expect(failures).toMatchObject([
      { code: 'branch-gone', message: expect.stringContaining('no branch main; the remote') },
    ]);
    expect(await branches(at)).toBe('refs/heads/millwright/ledger\nrefs/heads/trunk');
  });

  test.each([
    ['with the records on it', ''],
    ['with the records beside it', APART],
  ])('is the first of an empty remote, %s.', async (_title, settings) => {
    await using at = await place(settings, false);
    expect(await pass(at.first)).toMatchObject({ failures: [], accepted: { outcome: 1 } });
    expect(await branches(at)).toContain('refs/heads/main');
    expect(await pass(at.first)).toMatchObject({ changed: false, failures: [], warnings: [] });
  });
});

describe('a ledger branch of its own that the remote lacks', () => {
  test('is begun where nothing speaks of an earlier one, and the pass says so once.', async () => {
    await using at = await place(APART);
    await at.remote.git('update-ref', 'refs/millwright/budgets/2026-11-21', 'main');
    await at.remote.git('update-ref', 'refs/heads/millwright/my/feature', 'main');
    const { failures, warnings, accepted } = await pass(at.first);
    expect({ failures, accepted }).toEqual({ failures: [], accepted: { outcome: 1 } });
    expect(warnings).toEqual([expect.stringContaining('branch millwright/ledger was begun in ')]);
    expect((await pass(await at.clone())).warnings).toEqual([]);
  });

  test('is begun with the local one, where the remote is new.', async () => {
    await using at = await place(APART, false);
    await at.first.git('remote', 'remove', 'origin');
    await pass(at.first);
    await at.first.git('remote', 'add', 'origin', at.remote.dir);
    const local = await at.first.git('rev-parse', 'millwright/ledger');
    expect((await pass(at.first)).warnings).toEqual([expect.stringContaining('was begun in ')]);
    expect(await at.remote.git('rev-list', 'millwright/ledger')).toContain(local);
  });

  test.each([
    ['a proposal', proposal],
    ['a claim', 'refs/millwright/slots/thought-a-v1'],
    ['a claim on a branch', 'refs/heads/millwright/slots/thought-a-v1'],
  ])('is not begun anew in a fresh clone where %s comes from one.', async (_what, ref) => {
    const space = ref.includes('heads/millwright/slots') ? 'ref_namespace: refs/heads/millwright\n' : '';
    await using at = await place(`${APART}${space}`);
    await pass(at.first);
    await at.remote.git('update-ref', ref, 'main');
    await at.remote.git('update-ref', '-d', 'refs/heads/millwright/ledger');
    const failure = await refusal(at, await at.clone());
    expect(failure.message).toContain(`has no branch millwright/ledger, although ${ref}`);
    expect(failure.hint).toContain('push it from a clone that has it');
  });

  test('is not begun anew by a clone that remembers it.', async () => {
    await using at = await place(APART);
    await pass(at.first);
    const clone = await at.clone();
    await at.remote.git('update-ref', '-d', 'refs/heads/millwright/ledger');
    expect((await refusal(at, clone)).message).toContain('has no branch millwright/ledger any more');
  });
});
