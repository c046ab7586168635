import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { githubFiles } from '../../src/ledger/init/github-files.ts';
import { stampText } from '../../src/ledger/init/stamp.ts';

/**
 * Writes the stamps of this repository's own workflows anew, after an edit of them or a new version of the package:
 * `npx tsx test/workflows/restamp.ts`.
 */
const top = fileURLToPath(new URL('../../', import.meta.url));
const { version } = JSON.parse(await readFile(`${top}package.json`, 'utf8')) as { version: string };
for (const path of githubFiles) {
  const text = await readFile(top + path, 'utf8');
  await writeFile(top + path, stampText(path, text, version));
}
