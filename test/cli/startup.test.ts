import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BuiltTree, builtTree } from '../e2e/built-tree.ts';
import { freshWorkspace } from '../e2e/prepared-workspace.ts';
import { runProcess } from '../support/run-process.ts';

let built: BuiltTree;
beforeAll(async () => {
  built = await builtTree();
});
afterAll(() => built[Symbol.asyncDispose]());

/** Node itself writes down every script that it has run: nothing that was loaded can hide. */
async function loadedBy(cwd: string, ...argv: string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'millwright-loaded-'));
  try {
    const env = { ...process.env, NODE_V8_COVERAGE: folder };
    const answer = await runProcess(process.execPath, [built.path('src/cli/main.ts'), ...argv], { cwd, env });
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    const [file = ''] = await readdir(folder);
    const { result } = JSON.parse(await readFile(join(folder, file), 'utf8')) as {
      result: { url: string }[];
    };
    return result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function packagesIn(urls: readonly string[]): string[] {
  const names = urls.map((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].toSorted((a, b) => (a < b ? -1 : 1));
}

test.each([[['--help']], [['--version']]])(
  '%j loads the parser of the command line and no other package.',
  async (argv) => {
    const urls = await loadedBy(tmpdir(), ...argv);
    expect(packagesIn(urls)).toEqual(['commander']);
    expect(urls.length).toBeLessThan(30);
  },
);

test('a pass with nothing to do loads neither DuckDB nor isomorphic-git nor the file watcher.', async () => {
  await using folder = await freshWorkspace();
  const packages = packagesIn(await loadedBy(folder.dir, 'run', '--once'));
  expect(packages).toContain('zod');
  for (const heavy of ['@duckdb/node-api', 'isomorphic-git', 'chokidar'])
    expect(packages).not.toContain(heavy);
});
