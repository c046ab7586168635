import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freshWorkspace, outcomeText } from '../e2e/prepared-workspace.ts';
import { bareRemote, gitFolder } from '../support/git-folder.ts';
import { jsonOf, runCliIn } from './run-cli-in.ts';

describe('init', () => {
  test('makes a repository where there is none, lays out a workspace, and a pass works in it at once.', async () => {
    await using beside = await gitFolder();
    const dir = join(dirname(beside.dir), 'new');
    const made = await runCliIn(dirname(beside.dir), ['init', 'new']);
    expect(made).toMatchObject({ code: 0, err: `created a git repository in ${dir}\n` });
    expect(made.out).toContain(`laid out a workspace in ${dir}`);
    expect(await runCliIn(dir, ['init'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('nothing was missing'),
    });
    await writeFile(join(dir, 'a.json'), outcomeText('a'));
    expect(await runCliIn(dir, ['drop', 'a.json', '--kind', 'outcome'])).toMatchObject({ code: 0 });
    expect(jsonOf(await runCliIn(dir, ['run', '--json']))).toMatchObject({ accepted: { outcome: 1 } });
  });
});

describe('drop', () => {
  test('takes JSON, YAML and markdown, and finds the kind in the file, in its folder, or in the option.', async () => {
    await using folder = await freshWorkspace();
    const beside = dirname(folder.dir);
    await mkdir(join(beside, 'outcome'));
    await writeFile(join(beside, 'outcome/by-folder.yaml'), 'idea_id: a\noutcome: accepted\n');
    await writeFile(join(beside, 'by-itself.json'), outcomeText('b', { kind: 'outcome' }));
    await writeFile(
      join(beside, 'by-option.md'),
      '---\nidea_id: c\noutcome: failed\n---\n\nWhat went wrong.\n',
    );
    for (const argv of [
      ['../outcome/by-folder.yaml'],
      ['../by-itself.json'],
      ['../by-option.md', '--kind', 'outcome'],
    ])
      expect(await runCliIn(folder.dir, ['drop', ...argv])).toMatchObject({
        code: 0,
        out: expect.stringMatching(
          /^dropped outcome \w{26} at queue\/inbox\/outcome\/.*\nhint: millwright run --once/,
        ),
      });
    expect(jsonOf(await runCliIn(folder.dir, ['run', '--json']))).toMatchObject({
      accepted: { outcome: 3 },
      rejected: [],
    });
  });

  test('names every problem with its line, and takes nothing.', async () => {
    await using folder = await freshWorkspace();
    await writeFile(join(dirname(folder.dir), 'bad.json'), '{\n  "idea_id": 7,\n  "outcome": "perhaps"\n}\n');
    const { code, err } = await runCliIn(folder.dir, ['drop', '../bad.json', '--kind', 'outcome']);
    expect(code).toBe(1);
    expect(err).toContain('../bad.json:2: idea_id:');
    expect(err).toContain('../bad.json:3: outcome:');
    expect(await folder.git('status', '--porcelain')).toBe('');
  });

  test('--push sends it to the remote from a machine that runs no passes, and another records it.', async () => {
    await using folder = await freshWorkspace();
    await using remote = await bareRemote();
    await folder.git('push', '-q', remote.dir, 'main');
    await folder.git('remote', 'add', 'origin', remote.dir);
    await using runner = await gitFolder();
    await runner.git('remote', 'add', 'origin', remote.dir);
    await runner.git('pull', '-q', 'origin', 'main');
    await writeFile(join(dirname(folder.dir), 'a.json'), outcomeText('a', { id: 'from-afar' }));
    const sent = await runCliIn(folder.dir, ['drop', '../a.json', '--kind', 'outcome', '--push']);
    expect(sent).toMatchObject({ code: 0, out: 'sent outcome from-afar\n' });
    expect(await folder.git('status', '--porcelain')).toBe('');
    expect(jsonOf(await runCliIn(runner.dir, ['run', '--json']))).toMatchObject({ accepted: { outcome: 1 } });
    expect(await remote.git('for-each-ref', 'refs/millwright')).toBe('');
  });

  test.each([
    ['drop', ['drop', '../a.json', '--kind', 'outcome', '--push']],
    ['thought', ['thought', 'a darker header', '--push']],
  ])('--push of a %s says that it starts no workflow where the forge is GitHub.', async (_name, argv) => {
    await using folder = await freshWorkspace('forge: github\ngithub: { repository: mill/works }\n');
    await using remote = await bareRemote();
    await folder.git('remote', 'add', 'origin', remote.dir);
    await folder.git('push', '-q', 'origin', 'main');
    await writeFile(join(dirname(folder.dir), 'a.json'), outcomeText('a'));
    const { code, out } = await runCliIn(folder.dir, argv);
    expect(code).toBe(0);
    expect(out).toContain('hint: this starts no workflow; the next pass takes it in');
    expect(out).toContain('repository_dispatch of type millwright');
  });
});
