import { mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../house-rules/source-files.ts';
import { runProcess } from '../support/run-process.ts';

test('The port loads neither an SDK nor DuckDB nor any adapter before somebody is asked.', async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'millwright-startup-')));
  await symlink(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  try {
    await build({
      entryPoints: [join(repositoryRoot, 'src/llm/with-llm.ts')],
      outdir: folder,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      chunkNames: '[name]-[hash]',
      outExtension: { '.js': '.mjs' },
      logLevel: 'silent',
    });
    expect((await readdir(folder)).join(' ')).toMatch(/complete-.*/);
    await writeFile(join(folder, 'start.mjs'), "await import('./with-llm.mjs');\n");
    // Node itself writes down every script that it has run: nothing that was loaded can hide.
    const coverage = await mkdtemp(join(tmpdir(), 'millwright-loaded-'));
    const env = { ...process.env, NODE_V8_COVERAGE: coverage };
    const answer = await runProcess(process.execPath, [join(folder, 'start.mjs')], { cwd: folder, env });
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    const [file = ''] = await readdir(coverage);
    const loaded = await readFile(join(coverage, file), 'utf8');
    await rm(coverage, { recursive: true });
    expect(loaded).toContain('/zod/');
    for (const name of ['@anthropic-ai', '@duckdb', '/complete-', '/anthropic-', '/command-', '/openai-'])
      expect(loaded).not.toContain(name);
  } finally {
    await rm(folder, { recursive: true });
  }
});
