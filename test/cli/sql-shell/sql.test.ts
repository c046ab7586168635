import { expect, test } from 'vitest';
import { jsonOf, runCliIn } from '../run-cli-in.ts';

test('A shell has no --json, and says what has.', async () => {
  const answer = await runCliIn('/', ['sql', '--json']);

  expect(answer.code).toBe(2);
  expect(jsonOf(answer)).toMatchObject({
    error: { code: 'usage', hint: expect.stringContaining('millwright query') },
  });
});
