import { expect, test } from 'vitest';
import { readSources } from '../../../house-rules/source-files.ts';

test('Octokit is loaded by nobody before the first question.', async () => {
  const sources = await readSources('src');
  const early = sources.filter(({ text }) =>
    /^(?:import|export)(?! type)[^;(]*?from ['"]@octokit\//m.test(text),
  );
  const late = sources.filter(({ text }) => text.includes("import('@octokit/rest')"));

  expect(early.map(({ path }) => path)).toEqual([]);
  expect(late.map(({ path }) => path)).toEqual(['forge/github/client/open-octokit.ts']);
});
