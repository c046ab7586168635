import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportSchemas } from '../../src/contracts/export-schemas.ts';
import { freshWorkspace } from '../e2e/prepared-workspace.ts';
import { jsonOf, runCliIn } from './run-cli-in.ts';

test('schema --check names what is missing or has drifted, ends with 1, and writes nothing.', async () => {
  await using folder = await freshWorkspace();
  const answer = await runCliIn(folder.dir, ['schema', '--check', '--json']);
  expect(answer).toMatchObject({ code: 1, err: expect.stringContaining('hint: run "millwright schema"') });
  expect(jsonOf(answer)).toEqual({
    files: exportSchemas().size,
    changed: [...exportSchemas().keys()],
  });
  expect(await folder.git('status', '--porcelain')).toBe('');
  expect(await folder.exists('state/schemas')).toBe(false);
});

test('schema writes what --check then finds in order, until somebody changes a file.', async () => {
  await using folder = await freshWorkspace();
  expect((await runCliIn(folder.dir, ['schema'])).code).toBe(0);
  expect(await runCliIn(folder.dir, ['schema', '--check'])).toMatchObject({ code: 0, err: '' });
  await appendFile(join(folder.dir, 'state/schemas/outcome.v1.json'), '\n');
  await rm(join(folder.dir, 'state/schemas/pass.v1.json'));
  const { code, out } = await runCliIn(folder.dir, ['schema', '--check']);
  expect(code).toBe(1);
  expect(out).toContain('state/schemas/outcome.v1.json differs from the code');
  expect(out).toContain('state/schemas/pass.v1.json differs from the code');
});
