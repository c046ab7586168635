import { chmod, lutimes, mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { installFaultHook } from '../../src/contracts/fault-point.ts';
import { previewIntake } from '../../src/ledger/intake.ts';
import { intakeController } from '../../src/ledger/intake-controller.ts';
import {
  commitAll,
  filesOf,
  idsOf,
  inLedger,
  ledgerFolder,
  outcomeText,
  pages,
  put,
  readHere,
  recordsOf,
  takeAll,
} from './ledger-folder.ts';

const inbox = 'queue/inbox/outcome';
afterEach(() => installFaultHook(undefined));

describe('intake', () => {
  test('records what is valid, committed or not, in each format, and leaves nothing behind.', async () => {
    await using folder = await ledgerFolder();
    await put(folder, `${inbox}/a.json`, outcomeText('a'));
    await put(
      folder,
      'queue/inbox/research_signal/s.md',
      '---\nsource: ann\nrelevance: low\ndomain: d\ntitle: t\n---\nText.\n',
    );
    await commitAll(folder);
    await put(folder, `${inbox}/b.yaml`, 'idea_id: i\noutcome: failed\n');
    await put(
      folder,
      `${inbox}/c.YML`,
      '\uFEFFid: c\r\nidea_id: i\r\noutcome: failed\r\nnotes: |\r\n  one\r\n  two\r\n',
    );
    const report = await takeAll(folder.dir);
    expect(report).toMatchObject({
      accepted: { outcome: 3, research_signal: 1 },
      unchanged: 0,
      rejected: [],
      settling: 0,
      warnings: [],
    });
    expect(report.commits).toHaveLength(1);
    expect(await recordsOf(folder.dir)).toMatchObject([
      {
        id: 'a',
        kind: 'outcome',
        schema_version: 1,
        source: 'inbox/outcome/a.json',
        recorded_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      },
      { id: 'b', outcome: 'failed', source: 'inbox/outcome/b.yaml' },
      { id: 'c', notes: 'one\ntwo', source: 'inbox/outcome/c.YML' },
    ]);
    expect(await recordsOf(folder.dir, 'research_signal')).toMatchObject([
      { id: 's', signal_id: 's', source: 'ann', summary: 'Text.' },
    ]);
    expect(await filesOf(folder, 'queue')).toEqual([]);
    expect(await folder.git('status', '--porcelain', '--ignored')).toBe('');
    expect(await readdir(join(folder.dir, inbox))).toEqual(['.gitkeep']);
    expect((await takeAll(folder.dir)).commits).toEqual([]);
  });

  test('takes the same content again as nothing new, whatever its name, format and field order.', async () => {
    await using folder = await ledgerFolder();
    await put(folder, `${inbox}/a.json`, '{"id":"a","idea_id":"i","outcome":"failed","extra":{"x":1,"y":2}}');
    await takeAll(folder.dir);
    await put(
      folder,
      `${inbox}/other-name.yaml`,
      'extra: {y: 2, x: 1}\noutcome: failed\nidea_id: i\nid: a\n',
    );
    await put(folder, `${inbox}/a.json`, '{"extra":{"y":2,"x":1},"outcome":"failed","idea_id":"i"}');
    const report = await takeAll(folder.dir);
    expect(report).toMatchObject({ accepted: {}, unchanged: 2, rejected: [], commits: [] });
    expect(await idsOf(folder.dir)).toEqual(['a']);
    expect(await folder.git('status', '--porcelain')).toBe('');
  });

  test('refuses other content under a recorded id, and says what helps.', async () => {
    await using folder = await ledgerFolder();
    await put(folder, `${inbox}/a.json`, outcomeText('a'));
    await takeAll(folder.dir);
    await put(folder, `${inbox}/a.json`, outcomeText('a', { outcome: 'failed' }));
    await commitAll(folder);
    const report = await takeAll(folder.dir);
    expect(report).toMatchObject({
      accepted: {},
      rejected: [
        {
          path: `${inbox}/a.json`,
          to: 'queue/rejected/outcome/a.json',
          problem: expect.stringContaining('other content under the recorded id "a"'),
        },
      ],
    });
    const page = (await pages(folder)).get('queue/rejected/outcome/a.error.md');
    expect(page).toContain('hint: records never change: drop the contract under a new id');
    expect(await readHere(folder, 'queue/rejected/outcome/a.json')).toEqual(
      Buffer.from(outcomeText('a', { outcome: 'failed' })),
    );
    expect(await recordsOf(folder.dir)).toMatchObject([{ id: 'a', outcome: 'accepted' }]);
  });

  test('holds two files with one id in one batch against each other.', async () => {
    await using folder = await ledgerFolder();
    await put(folder, `${inbox}/a.json`, outcomeText('a'));
    await put(folder, `${inbox}/b.yaml`, outcomeText('a'));
    await put(folder, `${inbox}/c.json`, outcomeText('a', { outcome: 'failed' }));
    const report = await takeAll(folder.dir);
    expect(report).toMatchObject({
      accepted: { outcome: 1 },
      unchanged: 1,
      rejected: [{ path: `${inbox}/c.json` }],
    });
    expect(await recordsOf(folder.dir)).toMatchObject([{ id: 'a', outcome: 'accepted' }]);
  });

  test('takes one id of two kinds as two records.', async () => {
    await using folder = await ledgerFolder();
    await put(folder, `${inbox}/same.json`, outcomeText('same'));
    await put(
      folder,
      'queue/inbox/research_signal/same.json',
      '{"source":"a","relevance":"low","domain":"d","title":"t"}',
    );
    expect(await takeAll(folder.dir)).toMatchObject({
      accepted: { outcome: 1, research_signal: 1 },
      rejected: [],
    });
  });

  test('leaves files alone that explain, that are hidden or that are still being written.', async () => {
    await using folder = await ledgerFolder();
    const names = [
      'README.md',
      '.hidden.json',
      '.folder/x.json',
      'a.json~',
      'a.json.tmp',
      'a.part',
      '.a.json.swp',
      'a.swp',
      'a.crdownload',
      'b.tmp/x.json',
    ];
    for (const name of names) await put(folder, `${inbox}/${name}`, 'garbage');
    await put(folder, 'queue/inbox/README.md', '# hello');
    expect(await takeAll(folder.dir)).toMatchObject({ accepted: {}, rejected: [], settling: 0, commits: [] });
    await commitAll(folder);
    expect(await takeAll(folder.dir)).toMatchObject({ accepted: {}, rejected: [], commits: [] });
    expect((await filesOf(folder, 'queue')).length).toBe(names.length + 1);
    await inLedger(folder.dir, async (context) => expect(await intakeController.plan(context)).toEqual([]));
  });

  test('waits for a young file that does not parse, and refuses it when it has had its time.', async () => {
    await using folder = await ledgerFolder();
    const half = outcomeText('half').slice(0, -5);
    await put(folder, `${inbox}/half.json`, half, 0);
    await put(folder, `${inbox}/whole.json`, outcomeText('whole'), 0);
    expect(await takeAll(folder.dir)).toMatchObject({ accepted: { outcome: 1 }, settling: 1, rejected: [] });
    expect(await folder.read(`${inbox}/half.json`)).toBe(half);
    await put(folder, `${inbox}/half.json`, outcomeText('half'), 0);
    expect(await takeAll(folder.dir)).toMatchObject({ accepted: { outcome: 1 }, settling: 0 });
    await put(folder, `${inbox}/never.json`, half, 1_100);
    expect(await takeAll(folder.dir)).toMatchObject({
      settling: 0,
      rejected: [{ path: `${inbox}/never.json` }],
    });
  });

  test('does not wait for a broken file from the future.', async () => {
    await using folder = await ledgerFolder();
    await put(folder, `${inbox}/x.json`, '{', -3_600_000);
    expect(await takeAll(folder.dir)).toMatchObject({ settling: 0, rejected: [{ path: `${inbox}/x.json` }] });
  });

  test('keeps a file that was written anew between the reading and the clearing.', async () => {
    await using folder = await ledgerFolder();
    for (const id of ['valid', 'link']) await put(folder, `${inbox}/${id}.json`, outcomeText(id));
    await put(folder, `${inbox}/broken.json`, '{');
    installFaultHook(async (point) => {
      if (point !== 'intake:recorded') return;
      await put(folder, `${inbox}/valid.json`, outcomeText('valid', { notes: 'later' }));
      await put(folder, `${inbox}/broken.json`, outcomeText('broken'));
      await rm(join(folder.dir, inbox, 'link.json'));
      await symlink('/etc/hostname', join(folder.dir, inbox, 'link.json'));
      await lutimes(join(folder.dir, inbox, 'link.json'), 0, 0);
    });
    expect(await takeAll(folder.dir)).toMatchObject({
      accepted: { outcome: 2 },
      rejected: [{ path: `${inbox}/broken.json` }],
    });
    installFaultHook(undefined);
    expect(await folder.read(`${inbox}/valid.json`)).toContain('later');
    const report = await takeAll(folder.dir);
    expect(report.accepted).toEqual({ outcome: 1 });
    expect(report.rejected.map(({ path }) => path).sort((a, b) => (a < b ? -1 : 1))).toEqual([
      `${inbox}/link.json`,
      `${inbox}/valid.json`,
    ]);
    expect(await idsOf(folder.dir)).toEqual(['link', 'valid', 'broken']);
  });

  test.each(['intake:recorded', 'intake:files-consumed', 'log:commit-written', 'log:published'])(
    'that dies at %s ends, when run again, as if it had not.',
    async (point) => {
      await using folder = await ledgerFolder();
      await put(folder, `${inbox}/good.json`, outcomeText('good'));
      await put(folder, `${inbox}/bad.json`, '{');
      await put(folder, `${inbox}/secret.json`, outcomeText('secret', { notes: `ghp_${'a1B2'.repeat(9)}` }));
      await put(folder, `${inbox}/committed.json`, outcomeText('committed'));
      await folder.git('add', '-f', `${inbox}/committed.json`);
      await folder.git('commit', '-q', '-m', 'Drop');
      installFaultHook((at) => {
        if (at === point) throw new Error('died');
      });
      await expect(takeAll(folder.dir)).rejects.toThrow('died');
      installFaultHook(undefined);
      await takeAll(folder.dir);
      expect(new Set(await idsOf(folder.dir))).toEqual(new Set(['good', 'committed']));
      expect((await idsOf(folder.dir)).length).toBe(2);
      expect([...(await pages(folder)).keys()]).toEqual([
        'queue/rejected/outcome/bad.error.md',
        'queue/rejected/outcome/secret.local.error.md',
      ]);
      expect(await readdir(join(folder.dir, 'queue/rejected/outcome'))).toEqual([
        'bad.error.md',
        'bad.json',
        'secret.local.error.md',
        'secret.local.json',
      ]);
      expect(await folder.git('status', '--porcelain')).toBe('');
    },
  );

  test('takes a file out of the index that was staged and not committed, so that it does not come back.', async () => {
    await using folder = await ledgerFolder();
    await put(folder, `${inbox}/staged.json`, outcomeText('staged'));
    await put(folder, `${inbox}/bad "name"\n.json`, '{');
    await put(folder, 'notes.txt', 'mine');
    await folder.git('add', '--all');
    await put(folder, `${inbox}/staged-then-edited.json`, outcomeText('staged-then-edited'));
    await folder.git('add', `${inbox}/staged-then-edited.json`);
    await put(
      folder,
      `${inbox}/staged-then-edited.json`,
      outcomeText('staged-then-edited', { notes: 'edited' }),
    );
    expect(await takeAll(folder.dir)).toMatchObject({ accepted: { outcome: 2 } });
    expect((await folder.git('status', '--porcelain')).split('\n')).toEqual([
      'A  notes.txt',
      `AD ${inbox}/staged-then-edited.json`,
    ]);
  });

  test('takes two hundred staged files out of the index as well.', async () => {
    await using folder = await ledgerFolder();
    for (let n = 0; n < 200; n += 1) await put(folder, `${inbox}/f${n}.json`, outcomeText(`f${n}`));
    await folder.git('add', '--all');
    await takeAll(folder.dir);
    expect(await folder.git('status', '--porcelain')).toBe('');
  });

  test('takes a committed file that was edited in the checkout as the two contracts that it is.', async () => {
    await using folder = await ledgerFolder();
    await put(folder, `${inbox}/a.json`, outcomeText('a'));
    await commitAll(folder);
    await put(folder, `${inbox}/a.json`, outcomeText('a', { outcome: 'failed' }));
    expect(await takeAll(folder.dir)).toMatchObject({
      accepted: { outcome: 1 },
      rejected: [{ problem: expect.stringContaining('other content') }],
    });
    expect(await filesOf(folder, 'queue')).toEqual([
      'queue/rejected/outcome/a.error.md',
      'queue/rejected/outcome/a.json',
    ]);
    expect(await folder.git('status', '--porcelain')).toBe('');
  });

  test('leaves an executable, an old or a read-only file no other chance than the rest.', async () => {
    await using folder = await ledgerFolder();
    for (const id of ['exec', 'old', 'locked']) await put(folder, `${inbox}/${id}.json`, outcomeText(id));
    await chmod(join(folder.dir, inbox, 'exec.json'), 0o755);
    await chmod(join(folder.dir, inbox, 'locked.json'), 0o400);
    await utimes(join(folder.dir, inbox, 'old.json'), new Date(0), new Date(0));
    expect(await takeAll(folder.dir)).toMatchObject({ accepted: { outcome: 3 } });
    expect(await readdir(join(folder.dir, inbox))).toEqual(['.gitkeep']);
  });

  test('says beforehand what it would do, and does none of it.', async () => {
    await using folder = await ledgerFolder();
    await put(folder, `${inbox}/known.json`, outcomeText('known'));
    await takeAll(folder.dir);
    const before = await folder.git('rev-parse', 'HEAD');
    await put(folder, `${inbox}/known.json`, outcomeText('known'));
    await put(folder, `${inbox}/new.json`, outcomeText('new'));
    await put(folder, `${inbox}/bad.json`, '{');
    await put(folder, `${inbox}/young.json`, '{', 0);
    await inLedger(folder.dir, async ({ workspace, index }) => {
      expect(await previewIntake(workspace, index)).toMatchObject({
        accepted: { outcome: 1 },
        unchanged: 1,
        rejected: [{ path: `${inbox}/bad.json` }],
        settling: 1,
        commits: [],
      });
      const [step] = await intakeController.plan({ workspace, index, detailed: true });
      expect(step).toMatchObject({
        changes: true,
        summary:
          'record 1 outcome; clear 1 that are recorded already; reject 1; wait for 1 that may still be written',
      });
    });
    expect(await folder.git('rev-parse', 'HEAD')).toBe(before);
    expect((await readdir(join(folder.dir, inbox))).length).toBe(5);
  });

  test('works while the inbox has no folder at all, and where queue is a file.', async () => {
    await using folder = await ledgerFolder();
    await rm(join(folder.dir, 'queue'), { recursive: true });
    expect(await takeAll(folder.dir)).toMatchObject({ commits: [] });
    await writeFile(join(folder.dir, 'queue'), 'a file');
    expect(await takeAll(folder.dir)).toMatchObject({ commits: [] });
    await rm(join(folder.dir, 'queue'));
    await mkdir(join(folder.dir, 'queue'));
    await writeFile(join(folder.dir, 'queue/inbox'), 'a file');
    expect(await takeAll(folder.dir)).toMatchObject({ commits: [] });
  });
});
