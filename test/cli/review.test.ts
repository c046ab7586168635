import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Delta } from '../../src/contracts/delta.ts';
import { controllers } from '../../src/runner/controllers.ts';
import { runPass } from '../../src/runner/run-pass.ts';
import {
  busyWorkspace,
  copyWorkspace,
  freshWorkspace,
  importDemoRows,
  inWorkspace,
  place,
} from '../e2e/prepared-workspace.ts';
import { patchFields } from '../feedback/feedback-records.ts';
import type { GitFolder } from '../support/git-folder.ts';
import { jsonOf, runCliIn } from './run-cli-in.ts';

const solverFile = 'personas/solver.yaml';
let prepared: GitFolder;
let folder: GitFolder;
let patch: { patch_id: string; proposal_id: string };

beforeAll(async () => {
  prepared = await busyWorkspace();
  await inWorkspace(prepared.dir, (context) => runPass(context, { controllers }));
});
afterAll(() => prepared[Symbol.asyncDispose]());

beforeEach(async () => {
  folder = await copyWorkspace(prepared);
  const [row] = jsonOf(await review('list')) as [typeof patch];
  patch = row;
});
afterEach(() => folder[Symbol.asyncDispose]());

const review = (...argv: string[]) => runCliIn(folder.dir, ['review', ...argv, '--json']);

async function decisions(): Promise<Record<string, unknown>[]> {
  const paths = await folder.git('ls-tree', '-r', '--name-only', 'main', 'state/patch_decision');
  const texts = await Promise.all(paths.split('\n').map((path) => (path === '' ? '' : folder.read(path))));
  const lines = texts.join('').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function tidy(): Promise<void> {
  expect(await folder.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  expect(await folder.git('ls-tree', '--name-only', 'main', 'queue/proposals/')).toBe('');
  expect(await folder.git('status', '--porcelain')).toBe('');
  const plan = jsonOf(await runCliIn(folder.dir, ['plan', '--json'])) as { steps: { changes: boolean }[] };
  expect(plan.steps.filter(({ changes }) => changes)).toEqual([]);
}

describe('review', () => {
  test('show prints the deltas, the evidence and the prediction for people.', async () => {
    const { code, out } = await runCliIn(folder.dir, ['review', 'show', patch.patch_id]);
    expect(code).toBe(0);
    for (const words of [
      'sonnet-4-5',
      'matplotlib/matplotlib',
      'paired sign test',
      'millwright review apply',
    ])
      expect(out).toContain(words);
  });

  test('list, show and the page name the versions that hold after a person has raised them.', async () => {
    const before = await folder.read(solverFile);
    await folder.write(solverFile, before.replace(/^version: .*$/m, 'version: 1.4.0'));
    await folder.git('commit', '-q', '-a', '-m', 'Raise the version');
    await runCliIn(folder.dir, ['run']);
    const branch = await folder.git('show', `${patch.proposal_id}:${solverFile}`);
    expect(branch).toContain('version: 1.5.0');
    const [page = ''] = (await folder.git('ls-tree', '-r', '--name-only', 'main', 'queue/proposals/')).split(
      '\n',
    );
    const shown = (await runCliIn(folder.dir, ['review', 'show', patch.patch_id])).out;
    for (const text of [shown, await folder.git('show', `main:${page}`)]) {
      expect(text).toMatch(/# solver 1\.5\.0: route /);
      expect(text).toContain('Persona `solver`, 1.4.0 to 1.5.0,');
      expect(text).not.toContain('1.1.0');
    }
    expect(jsonOf(await review('list'))).toMatchObject([
      { title: expect.stringMatching(/^solver 1\.5\.0: /) },
    ]);
    expect(jsonOf(await review('show', patch.patch_id))).toMatchObject({
      versions: { from: '1.4.0', to: '1.5.0' },
    });
    const applied = await runCliIn(folder.dir, ['review', 'apply', patch.patch_id]);
    expect(applied.out).toMatch(/^applied solver 1\.5\.0: route /);
    expect(await folder.git('log', '-1', '--merges', '--format=%b')).toMatch(/^solver 1\.5\.0: /);
  });

  test('of two patches of one persona, the second is applied as the version that it makes.', async () => {
    const add = { op: 'add_bullet', id: 'bullet-two', section: 'Care', text: 'Look twice.', evidence: [] };
    await place(
      folder.dir,
      'queue/inbox/patch/two.json',
      JSON.stringify({ ...patchFields('two', [add as Delta]), component: 'playbook' }),
    );
    await runCliIn(folder.dir, ['run']);
    const rows = jsonOf(await review('list')) as (typeof patch & { title: string })[];
    const second = rows.find(({ title }) => title.includes('bullet-two'));
    expect(second?.title).toBe('solver 1.1.0: add bullet bullet-two');
    await review('apply', patch.patch_id);
    await runCliIn(folder.dir, ['run']);
    const applied = await runCliIn(folder.dir, ['review', 'apply', second?.patch_id ?? '']);
    expect(applied.out).toMatch(/^applied solver 1\.2\.0: add bullet bullet-two\n/);
    expect(await folder.read(solverFile)).toContain('version: 1.2.0');
    const titles = (jsonOf(await review('list')) as { title: string }[]).map(({ title }) =>
      title.slice(0, 13),
    );
    expect(titles).toEqual(['solver 1.1.0:', 'solver 1.2.0:']);
    const shown = (await runCliIn(folder.dir, ['review', 'show', second?.patch_id ?? ''])).out;
    expect(shown).toContain('Persona `solver`, 1.1.0 to 1.2.0,');
  });

  test('takes the id of a patch or of a proposal, the beginning or the end of either.', async () => {
    const { patch_id: id, proposal_id: proposal } = patch;
    for (const text of [id, proposal, id.slice(-6), proposal.slice(0, 20), proposal.split('/').at(-1) ?? ''])
      expect(jsonOf(await review('show', text))).toMatchObject({ patch_id: id });
  });

  test('apply merges the branch, records who decided, and tidies up.', async () => {
    const answer = await review('apply', patch.patch_id, '--by', 'Ada <ada@example.invalid>');
    expect(answer).toMatchObject({ code: 0, err: '' });
    expect(await folder.read('personas/solver.yaml')).toContain('matplotlib/matplotlib: sonnet-4-5');
    const { commit } = jsonOf(answer) as { commit: string };
    expect(await folder.git('log', '-1', '--format=%P', commit)).toMatch(/^[0-9a-f]{40} [0-9a-f]{40}$/);
    expect(await decisions()).toMatchObject([
      {
        decision: 'applied',
        patch_id: patch.patch_id,
        decided_by: 'Ada <ada@example.invalid>',
        commit_hash: commit,
      },
    ]);
    await tidy();
  });

  test('apply is signed with the git identity when nobody is named.', async () => {
    await review('apply', patch.patch_id);
    expect(await decisions()).toMatchObject([{ decided_by: 'Test Author <test@example.invalid>' }]);
  });

  test('reject records the reason, takes the branch away, and the same change is not offered again.', async () => {
    const answer = await review('reject', patch.patch_id, '--reason', 'too dear');
    expect(jsonOf(answer)).toMatchObject({ decision: 'rejected', reason: 'too dear' });
    expect(await decisions()).toMatchObject([{ decision: 'rejected', reason: 'too dear' }]);
    await tidy();
    expect(jsonOf(await review('list'))).toMatchObject([{ result: 'rejected', reason: 'too dear' }]);
    expect(jsonOf(await runCliIn(folder.dir, ['run', '--json']))).toMatchObject({
      changed: false,
      proposals: [],
    });
  });

  test('a second decision is refused and changes nothing, whichever way it goes.', async () => {
    await review('reject', patch.patch_id, '--by', 'Ada');
    const tip = await folder.git('rev-parse', 'main');
    for (const verb of ['apply', 'reject']) {
      const answer = await review(verb, patch.patch_id);
      expect(jsonOf(answer)).toMatchObject({
        error: { code: 'decided', message: expect.stringContaining('rejected already, by Ada') },
      });
      expect(answer.code).toBe(1);
    }
    expect(await folder.git('rev-parse', 'main')).toBe(tip);
  });

  test('apply refuses what the base has changed since, and the next pass makes the proposal anew.', async () => {
    const persona = await folder.read('personas/solver.yaml');
    await folder.write('personas/solver.yaml', `# A note of a person.\n${persona}`);
    await folder.git('commit', '-q', '-a', '-m', 'Add a note');
    const answer = await review('apply', patch.patch_id);
    expect(jsonOf(answer)).toMatchObject({
      error: { code: 'conflict', data: { path: 'personas/solver.yaml' } },
    });
    expect(await decisions()).toEqual([]);
    expect(jsonOf(await runCliIn(folder.dir, ['run', '--json']))).toMatchObject({
      proposals: [{ result: 'updated' }],
    });
    expect(await review('apply', patch.patch_id)).toMatchObject({ code: 0 });
    const merged = await folder.read('personas/solver.yaml');
    expect(merged).toMatch(/^# A note of a person\.\n/);
    expect(merged).toContain('matplotlib/matplotlib: sonnet-4-5');
    await tidy();
  });

  test.each([
    ['a squash', ['merge', '-q', '--squash', 'BRANCH']],
    ['a cherry-pick', ['cherry-pick', 'BRANCH']],
    ['a fast-forward or merge', ['merge', '-q', '-m', 'Merge', 'BRANCH']],
  ])('a merge by other means counts: %s.', async (_how, command) => {
    await folder.git(...command.map((word) => word.replace('BRANCH', patch.proposal_id)));
    if (command.includes('--squash')) await folder.git('commit', '-q', '-m', 'Squashed');
    expect(jsonOf(await runCliIn(folder.dir, ['run', '--json']))).toMatchObject({ failures: [] });
    expect(await decisions()).toMatchObject([
      { decision: 'applied', decided_by: 'Test Author <test@example.invalid>' },
    ]);
    await tidy();
  });

  test('deleting the branch is a no, and the next pass records it.', async () => {
    await folder.git('branch', '-q', '-D', patch.proposal_id);
    await runCliIn(folder.dir, ['run']);
    expect(await decisions()).toMatchObject([{ decision: 'rejected', reason: 'its branch was deleted' }]);
    await tidy();
  });
});

test('a patch that is being tested is shown as such, and cannot be applied yet.', async () => {
  await using own = await freshWorkspace('gate: { agent: ./replay, smoke: "true", per_test_usd: 1000 }\n');
  await importDemoRows(own, 'django/django');
  await inWorkspace(own.dir, (context) => runPass(context, { controllers }));
  const { out } = await runCliIn(own.dir, ['review', 'list', '--json']);
  const [row] = JSON.parse(out) as [{ patch_id: string; result: string }];
  expect(row.result).toBe('testing');
  const shown = await runCliIn(own.dir, ['review', 'show', row.patch_id]);
  expect(shown.out).toContain('It is being tested: 0 of 120 replays done.');
  expect(shown.out).not.toContain('review apply');
  const applied = await runCliIn(own.dir, ['review', 'apply', row.patch_id, '--json']);
  expect(JSON.parse(applied.out)).toMatchObject({ error: { code: 'not-offered' } });
});
