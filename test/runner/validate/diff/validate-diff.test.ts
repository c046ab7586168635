import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { applyCompaction } from '../../../../src/ledger/compaction/apply-compaction.ts';
import { takeIn } from '../../../../src/ledger/intake.ts';
import { inWorkspace, outcomeText } from '../../../e2e/prepared-workspace.ts';
import { inLedgerAt, monthOf, recordLine } from '../../../ledger/compaction/closed-months.ts';
import { type GitFolder, gitFolder } from '../../../support/git-folder.ts';
import { commitFiles, found, gate, poseAsMillwright, smallWorkspace } from '../gate.ts';

const segment = 'state/outcome/2026-01/0001.jsonl';
const twoRecords = recordLine('a', '2026-01') + recordLine('b', '2026-01');
const CONSTITUTION = 'prompts/DO-NOT-CHANGE-EVER.md';

let folder: GitFolder;
beforeEach(async () => {
  folder = await smallWorkspace({ [segment]: twoRecords, 'queue/items/i.yaml': 'x: 1\n' });
  await folder.git('tag', 'base');
  await folder.git('switch', '-q', '-c', 'change');
});
afterEach(() => folder[Symbol.asyncDispose]());

describe('a record', () => {
  test('that was changed or removed is named, whoever did it; a new one by hand is another matter.', async () => {
    const changed = twoRecords.replace('"accepted"', '"rejected"');
    await folder.write(segment, changed);
    await poseAsMillwright(folder, 'Fold');
    const { findings } = await gate(folder, 'base');
    expect(findings).toEqual([
      {
        path: segment,
        line: 1,
        field: 'outcome',
        severity: 'error',
        rule: 'record',
        message: 'expected the record a as it was recorded ("accepted"), found "rejected"',
        hint: expect.stringContaining('a correction is a new contract'),
      },
    ]);
    await commitFiles(folder, { [segment]: recordLine('b', '2026-01') });
    expect(await found(folder, 'base')).toEqual([`record ${segment}`, `machine-path ${segment}`]);
    await commitFiles(folder, { [segment]: twoRecords + recordLine('c', '2026-01') });
    expect(await found(folder, 'base')).toEqual([`machine-path ${segment}`]);
    await commitFiles(folder, { [segment]: twoRecords });
    expect(await found(folder, 'base')).toEqual([]);
  });

  test('is not lost by a real intake and a real compaction.', async () => {
    await using whole = await smallWorkspace(monthOf('2025-01', [3, 2, 4]));
    await commitFiles(whole, { ...monthOf('2025-03', [1, 1]) });
    await whole.git('tag', 'base');
    await whole.write('queue/inbox/outcome/x.json', outcomeText('x'));
    await inWorkspace(whole.dir, ({ workspace, index }) => takeIn(workspace, index));
    await inLedgerAt(whole.dir, '2025-05-01T00:00:00.000Z', ({ workspace }) => applyCompaction(workspace));
    expect(await whole.git('ls-files', 'state/outcome/2025-01')).toBe('state/outcome/2025-01/0001.jsonl');
    const { findings, checked } = await gate(whole, 'base');
    expect([findings, checked.commits]).toEqual([[], 3]);
  });

  test('may be one of thousands that vanish: the first ones are named, the rest is counted.', async () => {
    await commitFiles(folder, { ...monthOf('2026-02', [50]) });
    await folder.git('tag', '-f', 'base');
    await commitFiles(folder, { 'state/outcome/2026-02/0001.jsonl': null });
    const { findings } = await gate(folder, 'base');
    expect(findings.filter(({ rule }) => rule === 'record')).toHaveLength(21);
    expect(findings.map(({ message }) => message).join('\n')).toContain(
      'found 30 more that were changed or removed',
    );
  });
});

describe('a machine-written path', () => {
  test('is for Millwright alone, each with how to do it right.', async () => {
    await commitFiles(folder, {
      'queue/items/i.yaml': null,
      'queue/slots/s.json': '{}',
      'queue/odd\nname/$(x)': '1',
      'queue/inbox/thought/t.md': '---\ncategory: ui\n---\nA thought\n',
      'artifacts/s/manifest.json': '{}',
      'state/projects/p.yaml': 'x: 1\n',
      'queue/README.md': 'page\n',
    });
    const { findings } = await gate(folder, 'base');
    expect(findings.map(({ path, rule }) => [path, rule])).toEqual([
      ['artifacts/s/manifest.json', 'machine-path'],
      ['queue/items/i.yaml', 'machine-path'],
      ['queue/odd\nname/$(x)', 'machine-path'],
      ['queue/slots/s.json', 'machine-path'],
    ]);
    expect(findings[1]?.hint).toContain('millwright queue cancel');
  });

  test('is no excuse for an agent, or for a fork that poses as Millwright.', async () => {
    await folder.write('queue/items/j.yaml', 'x: 2\n');
    await poseAsMillwright(folder, 'Work', 'Millwright-Slot: t1-v1\n');
    expect(await found(folder, 'base')).toContain('machine-path queue/items/j.yaml');
    await folder.git('reset', '-q', '--soft', 'base');
    await poseAsMillwright(folder, 'Enqueue');
    expect(await found(folder, 'base')).toEqual([]);
    expect(await found(folder, 'base', true)).toEqual(['machine-path queue/items/j.yaml']);
  });

  test('may arrive squashed, as the ledger branch had it at any time.', async () => {
    await commitFiles(folder, { 'millwright.yaml': 'ledger_branch: ledger\nthoughts:\n  persona: solver\n' });
    await folder.git('branch', '-q', 'ledger');
    await folder.git('tag', '-f', 'base');
    const takeOne = async (id: string) => {
      await folder.write(`queue/inbox/outcome/${id}.json`, outcomeText(id));
      await inWorkspace(folder.dir, ({ workspace, index }) => takeIn(workspace, index));
    };
    await takeOne('first');
    const early = await folder.git('rev-parse', 'ledger');
    await takeOne('second');
    await folder.git('merge', '-q', '--squash', early);
    await folder.git('commit', '-q', '-m', 'Bring the ledger over (#7)');
    expect(await found(folder, 'base')).toEqual([]);
    await folder.git('merge', '-q', '-X', 'theirs', '-m', 'Merge the ledger', 'ledger');
    expect(await found(folder, 'base')).toEqual([]);
    const [path = ''] = (await folder.git('diff', '--name-only', 'base', 'HEAD', '--', 'state')).split('\n');
    await commitFiles(folder, { [path]: `${await folder.read(path)}${recordLine('mine', '2026-01')}` });
    expect(await found(folder, 'base')).toEqual([`machine-path ${path}`]);
  });

  test('is found when it was edited below a commit of Millwright, or dropped by a merge.', async () => {
    await commitFiles(folder, { [segment]: twoRecords + recordLine('mine', '2026-01') });
    await folder.write(segment, `${await folder.read(segment)}${recordLine('late', '2026-01')}`);
    await poseAsMillwright(folder, 'Take in 1 contract');
    expect(await found(folder, 'base')).toEqual([`machine-path ${segment}`]);
    await folder.git('reset', '-q', '--hard', 'base');
    await commitFiles(folder, { 'src/a.ts': '1' });
    await folder.git('switch', '-q', 'main');
    await folder.write('queue/items/new.yaml', 'x: 1\n');
    await poseAsMillwright(folder, 'Enqueue');
    await folder.git('switch', '-q', 'change');
    await folder.git('merge', '-q', '-s', 'ours', '-m', 'Merge main', 'main');
    expect(await found(folder, 'main')).toEqual(['machine-path queue/items/new.yaml']);
  });

  test('may be a page in which a person says no, and a refused file that is dealt with.', async () => {
    const page = (state: string, head = 'a') =>
      `---\nid: millwright/patch/x\ntitle: T\nstate: ${state}\nhead: ${head.repeat(40)}\nopened_at: 2026-01-01T00:00:00Z\n---\nbody\n`;
    const at = 'queue/proposals/patch.x.md';
    await commitFiles(folder, {
      [at]: page('open'),
      'queue/rejected/outcome/a.json': '{',
      'queue/rejected/outcome/b.json': '{',
    });
    await folder.git('tag', '-f', 'base');
    await commitFiles(folder, {
      [at]: page('closed\nreason: too costly'),
      'queue/rejected/outcome/a.json': null,
    });
    expect(await found(folder, 'base')).toEqual([]);
    await commitFiles(folder, { [at]: page('open', 'b'), 'queue/rejected/outcome/b.json': '{}' });
    expect(await found(folder, 'base')).toEqual([
      `machine-path ${at}`,
      'machine-path queue/rejected/outcome/b.json',
    ]);
  });
});

describe('what people review', () => {
  test('is a persona whose version moves with its content.', async () => {
    const solver = await folder.read('personas/solver.yaml');
    await commitFiles(folder, { 'personas/solver.yaml': `# a comment\n${solver}` });
    expect(await found(folder, 'base')).toEqual([]);
    const role = solver.replace(/^role: .*$/m, 'role: Does something else.');
    await commitFiles(folder, { 'personas/solver.yaml': role });
    expect(await found(folder, 'base')).toEqual([
      expect.stringMatching(/^persona-version personas\/solver\.yaml:\d+$/),
    ]);
    await commitFiles(folder, { 'personas/solver.yaml': role.replace(/^version: .*$/m, 'version: 1.1.0') });
    expect(await found(folder, 'base')).toEqual([]);
    await folder.git('mv', 'personas/solver.yaml', 'personas/other.yaml');
    await commitFiles(folder, { 'personas/other.yaml': role.replace(/^id: .*$/m, 'id: other') });
    expect(await found(folder, 'base')).toContain('persona-deleted personas/solver.yaml (warning)');
  });

  test('is a constitution that changes alone and on purpose, and stays.', async () => {
    const text = `${await folder.read(CONSTITUTION)}\nOne more rule.\n`;
    const protectedToo = `protected-path ${CONSTITUTION} (warning)`;
    await commitFiles(folder, { [CONSTITUTION]: text }, 'Change a rule');
    expect(await found(folder, 'base')).toEqual([`constitution ${CONSTITUTION}`, protectedToo]);
    await folder.git('commit', '-q', '--amend', '-m', 'Change a rule\n\nConstitution-change: yes');
    expect(await found(folder, 'base')).toEqual([protectedToo]);
    await commitFiles(
      folder,
      { [CONSTITUTION]: `${text}\n`, 'src/a.ts': '1' },
      'More\n\nConstitution-change: yes',
    );
    expect(await found(folder, 'base')).toEqual([`constitution ${CONSTITUTION}`, protectedToo]);
    await commitFiles(folder, { [CONSTITUTION]: null }, 'Gone\n\nConstitution-change: yes');
    expect(await found(folder, 'base')).toEqual([
      `constitution ${CONSTITUTION}`,
      `constitution ${CONSTITUTION}`,
      protectedToo,
    ]);
  });

  test('are protected paths by whoever owns them; from a fork a maintainer has to push.', async () => {
    await commitFiles(folder, { '.github/CODEOWNERS': '/.github/ @ops\n' });
    await folder.git('tag', '-f', 'base');
    await commitFiles(folder, { '.github/workflows/ci.yml': 'on: push\n', '.github/CODEOWNERS': '* @me\n' });
    const { findings } = await gate(folder, 'base');
    expect(findings.map(({ path, severity, hint }) => [path, severity, hint])).toEqual([
      ['.github/CODEOWNERS', 'warning', 'ask @ops for a review'],
      ['.github/workflows/ci.yml', 'warning', 'ask @ops for a review'],
    ]);
    expect(await found(folder, 'base', true)).toEqual([
      'protected-path .github/CODEOWNERS',
      'protected-path .github/workflows/ci.yml',
    ]);
  });
});

describe('the base', () => {
  test('is any name that git knows, also of a branch that only the remote has.', async () => {
    await using remote = await gitFolder({}, { bare: true });
    await folder.git('remote', 'add', 'origin', remote.dir);
    await folder.git('push', '-q', 'origin', 'main:release');
    await folder.git('fetch', '-q', 'origin');
    await commitFiles(folder, { 'queue/slots/s.json': '{}' });
    for (const base of [
      'main',
      'release',
      'origin/release',
      'base',
      'HEAD~1',
      await folder.git('rev-parse', 'main'),
    ])
      expect(await found(folder, base)).toEqual(['machine-path queue/slots/s.json']);
  });

  test('under a name that git does not know is an error that says what to do.', async () => {
    const names = [
      'nowhere',
      '--upload-pack=x',
      '-n',
      '$(touch x)',
      'a\nb',
      '',
      '0'.repeat(40),
      'HEAD:millwright.yaml',
    ];
    for (const base of names) {
      const expected = { code: 'unknown-base', hint: expect.stringContaining('fetch') };
      await expect(gate(folder, base)).rejects.toMatchObject(expected);
    }
  });

  test('without history in common is told from a clone that lacks it.', async () => {
    await folder.git('switch', '-q', '--orphan', 'apart');
    await commitFiles(folder, { 'millwright.yaml': '' });
    await expect(gate(folder, 'base')).rejects.toMatchObject({
      code: 'no-merge-base',
      hint: expect.stringMatching(/anew.*A ledger branch .*stays apart/),
    });
    await folder.git('switch', '-q', 'change');
    for (const text of ['1', '2', '3']) await commitFiles(folder, { 'src/a.ts': text });
    await folder.git('switch', '-q', 'main');
    await commitFiles(folder, { 'src/b.ts': '1' });
    await using clone = await gitFolder();
    await clone.git('fetch', '-q', '--depth=1', `file://${folder.dir}`, 'main:base', 'change:change');
    await clone.git('switch', '-q', 'change');
    await expect(gate(clone, 'base')).rejects.toMatchObject({
      code: 'no-merge-base',
      hint: expect.stringContaining('fetch-depth: 0'),
    });
    await expect(gate(clone, 'release')).rejects.toMatchObject({
      hint: expect.stringContaining('fetch-depth: 0'),
    });
    await clone.git('fetch', '-q', '--deepen=3', `file://${folder.dir}`, 'main', 'change');
    const { findings, unchecked } = await gate(clone, 'base');
    expect([findings, unchecked.length]).toEqual([
      [],
      (await clone.git('rev-parse', '--is-shallow-repository')) === 'true' ? 1 : 0,
    ]);
  });

  test('may be merged into the change, or the change into it, as a host does for its checks.', async () => {
    await commitFiles(folder, { 'src/a.ts': '1' });
    await folder.git('switch', '-q', 'main');
    await inWorkspace(folder.dir, async ({ workspace, index }) => {
      await folder.write('queue/inbox/outcome/x.json', outcomeText('x'));
      await takeIn(workspace, index);
    });
    await folder.git('switch', '-q', 'change');
    await folder.git('merge', '-q', '-m', 'Catch up', 'main');
    expect(await found(folder, 'main')).toEqual([]);
    await folder.git('switch', '-q', '--detach', 'main');
    await folder.git('merge', '-q', '--no-ff', '-m', 'Merge', 'change');
    expect(await found(folder, 'main')).toEqual([]);
  });
});
