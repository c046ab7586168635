import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** Zod brings its messages in some fifty languages; here they are English. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup: (bundle) => {
    bundle.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js';",
      resolveDir: dirname(path),
    }));
  },
};

/**
 * Bundles the program into `dist`: one entry, shared chunks, each command in a chunk of its own. A bundle starts
 * in half the time of some 300 modules. Packages with native parts, and those that few commands load, stay outside.
 * Chunks lie as deep as the sources (`dist/chunks`, `src/cli`), so a relative URL to a shipped file fits both.
 */
await rm(new URL('dist', import.meta.url), { recursive: true, force: true });
await build({
  entryPoints: ['src/cli/main.ts'],
  outbase: 'src',
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  external: [
    '@duckdb/node-bindings',
    '@observablehq/plot',
    '@resvg/resvg-js',
    'apache-arrow',
    'chokidar',
    'isomorphic-git',
    'linkedom',
    'nunjucks',
  ],
  plugins: [oneLanguage],
  banner: {
    js: "import { createRequire as packageRequire } from 'node:module'; const require = packageRequire(import.meta.url);",
  },
  sourcemap: 'linked',
  logLevel: 'warning',
});
