import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exportSchemas } from '../contracts/export-schemas.ts';
import type { CommandDefinition } from './command.ts';
import { print } from './with-workspace.ts';

export const schema: CommandDefinition = {
  name: 'schema',
  summary: 'export the JSON Schema of every kind',
  description:
    'Writes state/schemas/<kind>.v<version>.json for every kind of contract. With --check it writes nothing and fails when a file is not what the code says.',
  options: [{ flags: '--check', text: 'only compare; exit 1 when a file has drifted' }],
  examples: ['millwright schema', 'millwright schema --check'],
  run: async ({ folder, options }, io) => {
    const drifted: string[] = [];
    const files = exportSchemas();
    for (const [path, content] of files) {
      const now = await readFile(join(folder, path), 'utf8').catch(() => undefined);
      if (now === content) continue;
      drifted.push(path);
      if (options.check !== true) await writeSchema(join(folder, path), content);
    }
    const words = options.check === true ? 'differs from the code' : 'written';
    print(io, { files: files.size, changed: drifted }, ({ files: n, changed }) =>
      [...changed.map((path) => `${path} ${words}`), `${n} schemas, ${changed.length} ${words}`].join('\n'),
    );
    if (options.check === true && drifted.length > 0)
      io.err('hint: run "millwright schema" and commit the result\n');
    return options.check === true && drifted.length > 0 ? 1 : 0;
  },
};

async function writeSchema(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
