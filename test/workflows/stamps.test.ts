import { describe, expect, test } from 'vitest';
import { githubFiles } from '../../src/ledger/init/github-files.ts';
import { readStamp, stampText } from '../../src/ledger/init/stamp.ts';
import {
  ACTION_PATH,
  ownFile,
  parseCompositeAction,
  workflowNames,
  workflowPath,
} from './actions/workflow-file.ts';

const { version, files } = JSON.parse(await ownFile('package.json')) as { version: string; files: string[] };

describe('what init lays down', () => {
  test.each(githubFiles)(
    'has a stamp of this version that fits: %s (npx tsx test/workflows/restamp.ts).',
    async (path) => {
      const text = await ownFile(path);
      expect(readStamp(text)).toMatchObject({ version, fits: true });
      expect(stampText(path, text, version)).toBe(text);
    },
  );

  test('is every workflow of this repository and the action, all of it in the package.', async () => {
    expect(new Set(githubFiles)).toEqual(
      new Set([ACTION_PATH, '.github/workflows/README.md', ...workflowNames.map(workflowPath)]),
    );
    expect(files).toEqual(expect.arrayContaining(['.github/workflows', '.github/actions']));
  });

  test('installs the version that laid it.', async () => {
    const { runs } = parseCompositeAction(await ownFile(ACTION_PATH));
    expect(runs.steps.map(({ env }) => env?.LAID_BY)).toContain(`millwright@${version}`);
  });

  test('is described on its page: every workflow, variable and secret.', async () => {
    const page = await ownFile('.github/workflows/README.md');
    const all = (await Promise.all([...workflowNames.map(workflowPath), ACTION_PATH].map(ownFile))).join(
      '\n',
    );
    const named = new Set([...all.matchAll(/\b(?:vars|secrets)\.(\w+)/g)].map(([, name = '']) => name));
    expect(named.size).toBeGreaterThan(8);
    for (const name of [...named, ...workflowNames.map((each) => `${each}.yml`)])
      expect(page).toContain(`\`${name}\``);
  });
});
