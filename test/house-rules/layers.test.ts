import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { importCycles, layers, layerViolations } from './layer-rule.ts';
import { importsOf, readSources, repositoryRoot } from './source-files.ts';

describe('the layers of src', () => {
  it('are respected by every import, types included', async () => {
    expect(layerViolations(await readSources('src'))).toEqual([]);
  });

  it('have no circle of files that import each other', async () => {
    expect(importCycles(await readSources('src'))).toEqual([]);
  });

  it('name every room that exists, and src/README.md explains it', async () => {
    const map = await readFile(`${repositoryRoot}src/README.md`, 'utf8');
    const rooms = new Set((await readSources('src')).map(({ path }) => path.split('/')[0] ?? ''));

    for (const room of rooms) {
      expect(layers.flat()).toContain(room);
      expect(map).toContain(`\`${room}\``);
    }
  });
});

describe('the layer rule', () => {
  it('bites on a sample that breaks it', async () => {
    const sample = await readSources('test/fixtures/house-rules/broken-layers');

    expect(layerViolations(sample)).toEqual([
      'contracts/upward.ts: imports git/tree.ts, but contracts may only import from layers below it',
      'feedback/sideways.ts: imports agents/roster.ts, but feedback may only import from layers below it',
    ]);
  });

  it('finds a circle of files', async () => {
    const sample = await readSources('test/fixtures/house-rules/circle');

    expect(importCycles(sample)).toHaveLength(1);
  });

  it('sees static, type-only, re-exported, bare and dynamic imports', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { B } from './b.ts';",
      "export { c } from './c.ts';",
      "import './d.ts';",
      "const e = await import('./e.ts');",
      "type F = typeof import('./f.ts');",
      "import {\n  g,\n} from './g.ts';",
    ].join('\n');

    expect(importsOf(text)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts', './g.ts']);
  });
});
