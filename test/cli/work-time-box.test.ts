import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freshWorkspace, place } from '../e2e/prepared-workspace.ts';
import { jsonOf, runCliIn } from './run-cli-in.ts';

describe('work --for', () => {
  test('waits for work no longer than it was told, and ends well.', async () => {
    await using folder = await freshWorkspace();
    const answer = await runCliIn(folder.dir, ['work', '--agent', 'true', '--for', '0.02', '--poll', '0.1']);
    expect(answer.code).toBe(0);
    expect(
      answer.out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { event: string }).event),
    ).toEqual(['started', 'draining', 'stopped']);
  });

  test('gives back what an agent does not finish in time.', async () => {
    await using folder = await freshWorkspace();
    await folder.write('slow', '#!/bin/sh\nsleep 600\n');
    await chmod(join(folder.dir, 'slow'), 0o755);
    await place(folder.dir, 'queue/inbox/thought/t.json', JSON.stringify({ text: 'A header' }));
    expect(await runCliIn(folder.dir, ['run'])).toMatchObject({ code: 0 });
    const agent = join(folder.dir, 'slow');
    const argv = ['work', '--agent', agent, '--for', '0.05', '--drain', '0', '--poll', '0.1'];
    const answer = await runCliIn(folder.dir, argv);
    expect({ code: answer.code, out: answer.out }).toMatchObject({
      code: 0,
      out: expect.stringContaining('"released"'),
    });
    const list = await runCliIn(folder.dir, ['queue', 'list', '--json']);
    const { slots } = jsonOf(list) as { slots: readonly { state: string }[] };
    expect(new Set(slots.map(({ state }) => state))).toEqual(new Set(['pending']));
  });

  test('refuses what is no number of minutes.', async () => {
    for (const minutes of ['0', 'soon', '-1', '99999']) {
      const answer = await runCliIn(tmpdir(), ['work', '--agent', 'true', `--for=${minutes}`]);
      expect(answer).toMatchObject({ code: 2, err: expect.stringContaining('--for') });
    }
  });
});
