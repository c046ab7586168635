import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Json, sliceOf } from './slice-of.ts';
import { slicedPaths } from './sliced-paths.ts';

/*
 * Cuts what the doubles speak out of GitHub's official OpenAPI description (MIT licence). By hand, in a folder
 * outside of the repository, because the package is 385 MB large:
 *
 *   npm pack @octokit/openapi@23.0.2
 *   tar -xzf octokit-openapi-23.0.2.tgz package/generated/api.github.com.json
 *   npx tsx test/support/github/openapi/make-slice.ts package/generated/api.github.com.json
 *   npx biome format --write test/support/github/openapi/slice.json
 *
 * Keys are sorted: the same description gives the same file. Another version may add paths to `sliced-paths.ts`.
 */

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error('name the file api.github.com.json of @octokit/openapi');
const whole = JSON.parse(await readFile(source, 'utf8')) as Json;
const target = fileURLToPath(new URL('./slice.json', import.meta.url));
await writeFile(target, `${JSON.stringify(sliceOf(whole, slicedPaths))}\n`);
