import { expect, test } from 'vitest';
import { pagePath } from '../../src/forge/local-forge.ts';
import { openedWorkshop } from '../forge/workshop.ts';

test('A local page without a record is named in each pass; a person closes it, and its branch stays.', async () => {
  await using shop = await openedWorkshop();
  await shop.folder.git('rm', '-q', '-r', 'state/patch', 'state/recommendation');
  await shop.folder.git('commit', '-q', '-m', 'Lose the records');
  expect(await shop.results()).toEqual({ [shop.id]: 'orphaned' });
  const report = await shop.pass();
  expect(report).toMatchObject({
    changed: false,
    proposals: [{ detail: expect.stringContaining('close it') }],
  });
  const page = await shop.folder.read(pagePath(shop.id));
  await shop.folder.write(pagePath(shop.id), page.replace('state: open', 'state: closed'));
  await shop.folder.git('commit', '-q', '-a', '-m', 'No use');
  expect((await shop.pass()).changed).toBe(true);
  expect(await shop.folder.git('ls-files', pagePath(shop.id))).toBe('');
  expect(await shop.branches()).toEqual([shop.id]);
  expect(await shop.results()).toEqual({});
});
