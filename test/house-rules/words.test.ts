import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { readSources, repositoryRoot } from './source-files.ts';

describe('the documentation', () => {
  it('shows in the README every command that exists', async () => {
    const readme = await readFile(`${repositoryRoot}README.md`, 'utf8');

    for (const { name } of commands) expect(readme).toContain(`\`millwright ${name}`);
  });

  it('opens the README with a transcript by line 20', async () => {
    const lines = (await readFile(`${repositoryRoot}README.md`, 'utf8')).split('\n');

    expect(lines.slice(0, 20).some((line) => line.startsWith('$ '))).toBe(true);
  });

  it('explains every error code in state/README.md or the README', async () => {
    const pages = await Promise.all(
      ['README.md', 'state/README.md', '.github/CONTRIBUTING.md', '.github/errors.md'].map((path) =>
        readFile(`${repositoryRoot}${path}`, 'utf8'),
      ),
    );
    const thrown = new Set(
      (await readSources('src')).flatMap(({ text }) =>
        [...text.matchAll(/new MillwrightError\(\s*'([a-z-]+)'/g)].map((match) => match[1] ?? ''),
      ),
    );

    expect(thrown.size).toBeGreaterThan(15);
    expect([...thrown].filter((code) => !pages.some((page) => page.includes(`\`${code}\``)))).toEqual([]);
  });

  it('gives every dependency its line', async () => {
    const page = await readFile(`${repositoryRoot}.github/decisions/dependencies.md`, 'utf8');
    const manifest = JSON.parse(await readFile(`${repositoryRoot}package.json`, 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const all = { ...manifest.dependencies, ...manifest.devDependencies };

    for (const [name, version] of Object.entries(all)) {
      expect(page).toContain(`\`${name}\``);
      expect(version).toMatch(/^\d/);
    }
  });
});
