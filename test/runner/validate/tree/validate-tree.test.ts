import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freshWorkspace, inWorkspace, outcomeText } from '../../../e2e/prepared-workspace.ts';
import { recordLine } from '../../../ledger/compaction/closed-months.ts';
import { type GitFolder, gitFolder } from '../../../support/git-folder.ts';
import { commitFiles, found, gate, smallWorkspace } from '../gate.ts';

let folder: GitFolder;
beforeEach(async () => {
  folder = await smallWorkspace();
});
afterEach(() => folder[Symbol.asyncDispose]());

const inbox = 'queue/inbox/outcome';

/** Everything below the folder that a reader could have touched. */
async function everything(dir: string): Promise<string[]> {
  return (await readdir(dir, { recursive: true })).sort();
}

describe('the checkout', () => {
  test('is fine as init lays it out, and nothing is written by looking.', async () => {
    await using whole = await freshWorkspace();
    const before = await everything(whole.dir);
    const { findings, checked, unchecked } = await gate(whole);
    expect([findings, unchecked]).toEqual([[], []]);
    expect(checked).toEqual({ personas: 19, prompts: 4, contracts: 0, proposals: 0 });
    expect(await everything(whole.dir)).toEqual(before);
  });

  test('is looked at with a detached HEAD, without any commit, without a remote that answers.', async () => {
    await folder.git('switch', '-q', '--detach');
    await folder.git('remote', 'add', 'origin', 'https://127.0.0.1:9/nowhere.git');
    expect(await found(folder)).toEqual([]);
    await using unborn = await gitFolder();
    await unborn.write('millwright.yaml', '');
    await unborn.write(`${inbox}/bad.json`, '{}');
    await unborn.write(`${inbox}/good.json`, outcomeText('x'));
    expect(await found(unborn)).toEqual([
      'constitution prompts/DO-NOT-CHANGE-EVER.md',
      `contract ${inbox}/bad.json:1`,
      `contract ${inbox}/bad.json:1`,
    ]);
  });

  test('names every wrong setting with its line, and looks at the rest all the same.', async () => {
    await folder.write('millwright.yaml', 'ledger_branch: main\nlimit: {}\nwork:\n  lease_seconds: no\n');
    await folder.write(`${inbox}/bad.json`, '{');
    expect(await found(folder)).toEqual([
      'settings millwright.yaml:2',
      'settings millwright.yaml:4',
      `contract ${inbox}/bad.json:1`,
    ]);
    await rm(join(folder.dir, 'millwright.yaml'));
    await symlink('/etc/passwd', join(folder.dir, 'millwright.yaml'));
    expect(await found(folder)).toEqual(['settings millwright.yaml', `contract ${inbox}/bad.json:1`]);
    await rm(join(folder.dir, 'millwright.yaml'));
    await expect(gate(folder)).rejects.toMatchObject({ code: 'no-workspace' });
  });

  test('has personas that read, and that lie where somebody reads them.', async () => {
    const solver = await folder.read('personas/solver.yaml');
    await folder.write('personas/solver.yaml', solver.replace(/^role:.*$/m, 'role: ""'));
    await folder.write('personas/twin.yaml', solver);
    await folder.write('personas/other.yml', solver);
    await folder.write('personas/deep/one.yaml', solver);
    await folder.write('personas/huge.yaml', 'x: '.repeat(400_000));
    await symlink('/etc/passwd', join(folder.dir, 'personas/link.yaml'));
    expect(await found(folder)).toEqual([
      'persona personas/deep/one.yaml (warning)',
      'persona personas/huge.yaml',
      'persona personas/link.yaml',
      'persona personas/other.yml (warning)',
      expect.stringMatching(/^persona personas\/solver\.yaml:\d+$/),
      expect.stringMatching(/^persona personas\/twin\.yaml:1?\d$/),
    ]);
  });

  test('has prompts that can be filled in, name known personas, and open with the constitution.', async () => {
    const prompt = (name: string, head: string, body: string) =>
      folder.write(`prompts/${name}.md`, `---\nname: ${name}\nsummary: One.\n${head}\n---\n${body}\n`);
    await prompt(
      'fine',
      'variables: [a, b]\noptional: [c]',
      '{% for x in a %}{{ x.y | line }}{{ x.z.w }}{% else %}{{ b }}{% endfor %}{{ b.c }}',
    );
    await prompt('unlisted', 'variables: [a]', '{{ a }}\n{{ b }}');
    await prompt('call', 'variables: [a]', '{{ a.constructor("return 1")() }}');
    await prompt('open', 'variables: [a]', 'x\n{% if a %}');
    await prompt('whose', 'variables: []\npersona: nobody', 'x');
    await prompt('Odd-Name', 'variables: []', 'x');
    await folder.write('prompts/none.md', 'no front matter\n');
    await folder.write('prompts/whole.md', '---\nname: other\nsummary: s\nvariables: []\n---\nx\n');
    const lines = await found(folder);
    expect(new Set(lines.map((line) => line.replace(/:\d+$/, '')))).toEqual(
      new Set([
        'prompt prompts/Odd-Name.md',
        'prompt prompts/call.md',
        'prompt prompts/none.md',
        'prompt prompts/open.md',
        'prompt prompts/unlisted.md',
        'prompt prompts/whole.md',
        'prompt prompts/whose.md',
      ]),
    );
    expect(lines).toContain('prompt prompts/unlisted.md:7');
    for (const text of [null, ' \n']) {
      await rm(join(folder.dir, 'prompts/DO-NOT-CHANGE-EVER.md'), { force: true });
      if (text !== null) await folder.write('prompts/DO-NOT-CHANGE-EVER.md', text);
      expect(await found(folder)).toEqual(['constitution prompts/DO-NOT-CHANGE-EVER.md']);
    }
    await writeFile(join(folder.dir, 'prompts/DO-NOT-CHANGE-EVER.md'), Buffer.from([0x23, 0xff, 0x0a]));
    expect(new Set(await found(folder))).toContain('constitution prompts/DO-NOT-CHANGE-EVER.md');
  });

  test('has policies that can work.', async () => {
    await folder.write(
      'millwright.yaml',
      [
        'schedules:',
        '  loop: "0 2 * *"',
        'gate:',
        '  agent: cladue',
        '  per_test_usd: 0',
        'auto_apply:',
        '  enabled: true',
        '  max_per_day: 0',
        'thoughts:',
        '  persona: nobody',
        '',
      ].join('\n'),
    );
    expect(await found(folder)).toEqual([
      'policy millwright.yaml (warning)',
      'policy millwright.yaml:2',
      'policy millwright.yaml:4',
      'policy millwright.yaml:5 (warning)',
      'policy millwright.yaml:8 (warning)',
      'policy millwright.yaml:10 (warning)',
    ]);
    const { findings } = await gate(folder);
    expect(findings.map(({ message }) => message).join('\n')).toContain('"0 2 * *"');
  });

  test('has pages of proposals that somebody can decide by.', async () => {
    const page = (id: string) =>
      `---\nid: millwright/${id}\ntitle: T\nstate: open\nhead: ${'a'.repeat(40)}\nopened_at: 2026-01-01T00:00:00Z\n---\nbody\n`;
    await folder.write('queue/proposals/patch.abc.md', page('patch/abc'));
    await folder.write('queue/proposals/copy.md', page('patch/abc'));
    await folder.write('queue/proposals/broken.md', 'no page\n');
    expect(await found(folder)).toEqual([
      'proposal queue/proposals/broken.md (warning)',
      'proposal queue/proposals/copy.md (warning)',
    ]);
  });
});

describe('contracts that wait', () => {
  test('are judged as intake judges them, whatever their names, and nothing is moved.', async () => {
    const odd = ['$(touch x).json', '-rf.json', 'two\nlines.json', '😀.json', '::error::x.json'];
    for (const name of odd) await folder.write(`${inbox}/${name}`, '{"outcome": "perhaps"}');
    await folder.write(`${inbox}/deep/er.json`, '{}');
    await folder.write('queue/inbox/loose.json', '{}');
    await folder.write('queue/inbox/nonsense/a.json', '{}');
    await folder.write(`${inbox}/half.json.tmp`, '{');
    await folder.write(`${inbox}/big.json`, `{"idea_id": "${'x'.repeat(10_000_000)}"}`);
    await writeFile(join(folder.dir, inbox, 'bytes.json'), Buffer.from([0xff, 0xfe, 0x00]));
    await symlink('/etc/passwd', join(folder.dir, inbox, 'link.json'));
    await mkdir(join(folder.dir, inbox, 'repo'));
    await folder.git('init', '-q', join(folder.dir, inbox, 'repo'));
    const who = ['-c', 'user.name=n', '-c', 'user.email=e@x'];
    await folder.git(
      '-C',
      join(folder.dir, inbox, 'repo'),
      ...who,
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'x',
    );
    const before = await everything(folder.dir);
    const { findings, checked } = await gate(folder);
    const bad = [...odd, 'deep/er.json', 'big.json', 'bytes.json', 'link.json', 'repo'].map(
      (name) => `${inbox}/${name}`,
    );
    bad.push('queue/inbox/loose.json', 'queue/inbox/nonsense/a.json');
    expect(new Set(findings.map(({ path }) => path))).toEqual(new Set(bad));
    expect(checked.contracts).toBe(bad.length);
    for (const { message } of findings) expect(message).toMatch(/^expected [^\n]+, found [^\n]+$/);
    expect(await everything(folder.dir)).toEqual(before);
  });

  test('that git ignores are not looked at, and committed ones that were deleted are gone.', async () => {
    await commitFiles(folder, { [`${inbox}/gone.json`]: '{', '.gitignore': '*.secret.json\n' });
    await rm(join(folder.dir, inbox, 'gone.json'));
    await folder.write(`${inbox}/x.secret.json`, '{');
    expect(await found(folder)).toEqual([]);
  });

  test('never show a secret that they hold.', async () => {
    const secret = `ghp_${'a1b2'.repeat(9)}`;
    await folder.write(`${inbox}/s.json`, outcomeText('x', { notes: secret, outcome: secret }));
    const { findings } = await gate(folder);
    expect(findings.length).toBeGreaterThan(0);
    expect(JSON.stringify(findings)).not.toContain(secret);
  });

  test('need an id that neither the history nor another of them has with other content.', async () => {
    const line = recordLine('old', '2026-01');
    await commitFiles(folder, { 'state/outcome/2026-01/0001.jsonl': line });
    const same = { id: 'old', idea_id: 'idea of old', outcome: 'accepted' };
    await folder.write(`${inbox}/same.json`, JSON.stringify(same));
    await folder.write(`${inbox}/other.json`, JSON.stringify({ ...same, outcome: 'rejected' }));
    await folder.write(`${inbox}/twin-1.json`, outcomeText('a', { id: 'twin' }));
    await folder.write(`${inbox}/twin-2.json`, outcomeText('b', { id: 'twin' }));
    expect(await found(folder)).toEqual([`contract ${inbox}/other.json`, `contract ${inbox}/twin-2.json`]);
    const tip = await inWorkspace(folder.dir, async ({ workspace }) => (await workspace.log.tip()).commit);
    expect(tip).toBe(await folder.git('rev-parse', 'HEAD'));
    expect(await folder.exists('.millwright')).toBe(false);
  });
});
