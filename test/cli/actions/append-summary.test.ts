import { mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendSummary, MOST_SUMMARY } from '../../../src/cli/actions/append-summary.ts';
import { fakeIo } from './fake-io.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'millwright-summary-')));
  path = join(folder, 'summary.md');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the summary of a step', () => {
  test('grows with each part, with a free line between them.', async () => {
    const { io, said } = fakeIo({ GITHUB_STEP_SUMMARY: path });
    await appendSummary(io, '# One\n');
    await appendSummary(io, '# Two');
    expect(await readFile(path, 'utf8')).toBe('# One\n\n# Two\n\n');
    expect(said).toEqual({ out: '', err: '' });
  });

  test('is not written where no file is named.', async () => {
    const { io, said } = fakeIo({ GITHUB_STEP_SUMMARY: '' });
    await appendSummary(io, '# One');
    expect(said).toEqual({ out: '', err: '' });
  });

  test('holds no secret.', async () => {
    const { io } = fakeIo({ GITHUB_STEP_SUMMARY: path });
    await appendSummary(io, `token ghp_${'a'.repeat(36)}`);
    expect(await readFile(path, 'utf8')).toBe('token [a GitHub token]\n\n');
  });

  test('stays within what GitHub takes, cut at the end of a line.', async () => {
    const { io } = fakeIo({ GITHUB_STEP_SUMMARY: path });
    await appendSummary(io, 'äöü 1234\n'.repeat(100_000));
    const text = await readFile(path, 'utf8');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_SUMMARY);
    expect(text).toMatch(/äöü 1234\n\n\(The rest did not fit into this summary\.\)\n$/);
    await appendSummary(io, 'one line that still fits, or not\n'.repeat(100));
    expect((await stat(path)).size).toBeLessThanOrEqual(MOST_SUMMARY);
  });

  test('that is full already takes nothing more.', async () => {
    await writeFile(path, 'x'.repeat(MOST_SUMMARY));
    const { io, said } = fakeIo({ GITHUB_STEP_SUMMARY: path });
    await appendSummary(io, '# More');
    expect((await stat(path)).size).toBe(MOST_SUMMARY);
    expect(said.err).toBe('');
  });

  test('that cannot be written is a warning, not a failure.', async () => {
    await mkdir(path);
    const { io, said } = fakeIo({ GITHUB_STEP_SUMMARY: path });
    await appendSummary(io, '# One');
    expect(said.err).toMatch(/^warning: the summary of this step could not be written: /);
  });
});
