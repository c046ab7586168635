import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTranscript } from '../../../src/feedback/explain/read-transcript.ts';
import { type Workshop, workshop } from '../../forge/workshop.ts';

const read = (shop: Workshop, path: string, chars = 200) =>
  shop.run(({ workspace }) => readTranscript(workspace, path, chars));
const folder = '.millwright/work/transcripts';
const key = `sk-ant-${'k'.repeat(40)}`;

async function put(shop: Workshop, path: string, text: string): Promise<void> {
  await mkdir(join(shop.folder.dir, path, '..'), { recursive: true });
  await writeFile(join(shop.folder.dir, path), text);
}

describe('a transcript', () => {
  test('of the cache is read from its end, with its secrets masked, also where it is cut.', async () => {
    await using shop = await workshop();
    await put(shop, `${folder}/s-1.log`, `${'a line\n'.repeat(50_000)}key ${key} end\nthe last line\n`);
    const done = await read(shop, `${folder}/s-1.log`);
    expect(done).toMatchObject({ ok: true });
    const text = done.ok ? done.text : '';
    expect(text).toMatch(/key \[an Anthropic key\] end\nthe last line\n$/);
    expect(text.length).toBe(200);
    for (const chars of [20, 30, 40, 50, 60]) {
      const cut = await read(shop, `${folder}/s-1.log`, chars);
      expect(cut.ok ? cut.text : key).not.toContain('kkk');
    }
  });

  test('of one endless line shows nothing rather than half a secret.', async () => {
    await using shop = await workshop();
    await put(shop, `${folder}/s-1.log`, `${key} `.repeat(4_000));
    expect(await read(shop, `${folder}/s-1.log`)).toEqual({ ok: true, text: '' });
  });

  test('that is committed is read as it is there, whatever lies in the checkout.', async () => {
    await using shop = await workshop({ files: { 'logs/one.log': 'as committed\n' } });
    await put(shop, 'logs/one.log', 'edited since\n');
    expect(await read(shop, 'logs/one.log')).toEqual({ ok: true, text: 'as committed\n' });
  });

  test.each([
    ['../outside.log', /leads out/],
    [`${folder}/../../../../etc/passwd`, /leads out/],
    ['/etc/passwd', /leads out/],
    ['.git/config', /leads out/],
    ['.env', /no such file/],
    [`${folder}/gone.log`, /no such file/],
    ['.millwright/index/x', /no file of transcripts/],
    ['personas', /no such file/],
    ['', /leads out/],
    ['a\0b', /leads out/],
  ])('is never read from %j.', async (path, words) => {
    await using shop = await workshop();
    await put(shop, '.env', 'SECRET=1');
    await put(shop, '.millwright/index/x', 'x');
    expect(await read(shop, path)).toEqual({ ok: false, reason: expect.stringMatching(words) });
  });

  test('is no link, no folder and no pipe.', async () => {
    await using shop = await workshop();
    await put(shop, 'outside.txt', 'SECRET=1');
    await mkdir(join(shop.folder.dir, folder, 'folder'), { recursive: true });
    await symlink(join(shop.folder.dir, 'outside.txt'), join(shop.folder.dir, folder, 'link.log'));
    await symlink(shop.folder.dir, join(shop.folder.dir, folder, 'up'));
    execFileSync('mkfifo', [join(shop.folder.dir, folder, 'pipe.log')]);
    const reasons = await Promise.all(
      ['link.log', 'up/outside.txt', 'folder', 'pipe.log'].map(async (name) => {
        const done = await read(shop, `${folder}/${name}`);
        return done.ok ? done.text : done.reason;
      }),
    );
    expect(reasons).toEqual([
      'its path leads over a link',
      'its path leads over a link',
      'it is no file',
      'it is no file',
    ]);
  });

  test('that a commit made a link of is not followed.', async () => {
    await using shop = await workshop();
    await symlink('/etc/hostname', join(shop.folder.dir, 'link.log'));
    await shop.folder.git('add', '--all');
    await shop.folder.git('commit', '-qm', 'A link');
    expect(await read(shop, 'link.log')).toMatchObject({ ok: false });
  });
});
