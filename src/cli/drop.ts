import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { findKind, kindNames } from '../contracts/kinds.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { parseBytes } from '../contracts/parse-text.ts';
import { dropContract } from '../ledger/drop.ts';
import type { CommandDefinition } from './command.ts';
import { whenTaken } from './when-taken.ts';
import { print, withWorkspace } from './with-workspace.ts';

export const drop: CommandDefinition = {
  name: 'drop',
  summary: 'put a contract into the inbox, checked first',
  description:
    'Checks a JSON, YAML or markdown file against its kind and puts it into the inbox, where the next pass records it. Nothing is taken when something is wrong; every problem is named with its line. A file without an id is a new contract each time; with one, dropping it again changes nothing. With --push it goes to the remote by itself, from a machine that runs no passes. That starts no workflow on GitHub: the next pass takes it in, and a repository_dispatch of type millwright starts one at once.',
  args: [{ name: '<file>', text: 'a contract: .json, .yaml, or .md with front matter' }],
  options: [
    {
      flags: '--kind <kind>',
      text: `one of ${kindNames().join(', ')}; default: the file's own "kind", or the folder it lies in`,
    },
    { flags: '--push', text: 'send it to the remote instead of the inbox of this checkout' },
  ],
  examples: [
    'millwright drop outcome.json --kind outcome',
    'millwright drop signals/note.md --kind research_signal --push',
  ],
  exits: ['10 no workspace here', '12 credentials missing or refused'],
  run: async ({ folder, args, options }, io) => {
    const file = resolve(io.cwd, args[0] ?? '');
    const bytes = await readInput(file);
    const kind = typeof options.kind === 'string' ? options.kind : guessKind(file, bytes);
    return withWorkspace(folder, io, async ({ workspace }) => {
      const dropped = await dropContract(workspace, {
        file: args[0] ?? file,
        bytes,
        kind,
        push: options.push === true,
      });
      print(io, dropped, ({ id, path, place }) =>
        place === 'cell'
          ? `sent ${kind} ${id}${whenTaken(workspace.settings)}`
          : `dropped ${kind} ${id} at ${path}\nhint: millwright run --once records it`,
      );
      return 0;
    });
  },
};

/** A folder, a device or a pipe is no contract, and reading a pipe would wait for ever. */
async function readInput(file: string): Promise<Buffer> {
  try {
    if ((await stat(file)).isFile()) return await readFile(file);
  } catch (cause) {
    throw new MillwrightError('no-file', `${file} could not be read`, { hint: 'check the path', cause });
  }
  throw new MillwrightError('no-file', `expected a regular file at ${file}, found something else`, {
    hint: 'name the file itself',
  });
}

/** The file says its kind, or lies in a folder that is named after it. */
function guessKind(file: string, bytes: Uint8Array): string {
  const read = parseBytes(bytes, `.${basename(file).split('.').at(-1)?.toLowerCase() ?? ''}`);
  const said =
    read.ok && typeof read.data === 'object' && read.data !== null && 'kind' in read.data
      ? read.data.kind
      : undefined;
  const folder = basename(dirname(file));
  if (typeof said === 'string') return said;
  if (findKind(folder) !== undefined) return folder;
  throw new MillwrightError('usage', `${basename(file)} does not say its kind`, {
    hint: `add --kind with one of ${kindNames().join(', ')}`,
  });
}
