import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { findKind, kindNames } from '../contracts/kinds.ts';
import { MillwrightError } from '../contracts/millwright-error.ts';
import { type ImportReport, importFile } from '../ledger/import-file.ts';
import { parseMapping } from '../ledger/mapping.ts';
import type { CommandDefinition, Io } from './command.ts';
import { print, withWorkspace } from './with-workspace.ts';

export const importCommand: CommandDefinition = {
  name: 'import',
  summary: 'stream a JSONL file into the history',
  description:
    'Reads a JSONL file of any length, turns each line into a contract by a mapping, and records it. Ids are computed from the fields that the mapping names, so a second run changes nothing. Lines that fail are written to a file with their reasons; the rest go in.',
  args: [{ name: '<file>', text: 'a JSONL file: one JSON object a line' }],
  options: [
    { flags: '--kind <kind>', text: `what the lines become: ${kindNames().join(', ')}` },
    { flags: '--map <file>', text: 'the mapping, YAML: "id" and "fields"' },
    {
      flags: '--rejects <file>',
      text: 'where failed lines go; default: <name>.rejected.jsonl in this folder',
    },
  ],
  examples: ['millwright import outcomes.jsonl --kind outcome --map outcomes.map.yaml'],
  exits: ['10 no workspace here', '13 lost the race against other writers'],
  run: async ({ folder, args, options }, io) => {
    const file = resolve(io.cwd, args[0] ?? '');
    const mapFile = requireOption(options.map, '--map');
    const rules = parseMapping(
      mapFile,
      await readFile(resolve(io.cwd, mapFile)).catch((cause: unknown) => noFile(mapFile, cause)),
    );
    const kindName =
      typeof options.kind === 'string' ? options.kind : (rules.kind ?? requireOption(undefined, '--kind'));
    const kind = findKind(kindName);
    if (kind === undefined)
      throw new MillwrightError('usage', `there is no kind ${JSON.stringify(kindName)}`, {
        hint: `the kinds are ${kindNames().join(', ')}`,
      });
    await stat(file).catch((cause: unknown) => noFile(file, cause));
    const rejectsFile = resolve(
      io.cwd,
      typeof options.rejects === 'string' ? options.rejects : `${basename(file)}.rejected.jsonl`,
    );
    return withWorkspace(folder, io, async ({ workspace, index }) => {
      const report = await importFile(workspace, index, {
        file,
        kind,
        rules,
        rejectsFile,
        onProgress: (now) => progress(io, now),
      });
      print(io, { ...report, rejects_file: report.failed > 0 ? rejectsFile : null }, (done) =>
        describe(done, done.rejects_file),
      );
      return report.failed > 0 ? 1 : 0;
    });
  },
};

function requireOption(value: unknown, flag: string): string {
  if (typeof value === 'string') return value;
  throw new MillwrightError('usage', `import needs ${flag}`, {
    hint: 'millwright import --help shows an example',
  });
}

function noFile(file: string, cause: unknown): never {
  throw new MillwrightError('no-file', `${file} could not be read`, { hint: 'check the path', cause });
}

function progress(io: Io, now: ImportReport): void {
  if (!io.json)
    io.err(`  ${now.lines.toLocaleString('en')} lines read, ${now.added.toLocaleString('en')} recorded\n`);
}

function describe(report: ImportReport, rejectsFile: string | null): string {
  const lines = [
    `${report.lines} lines: ${report.added} recorded, ${report.unchanged} recorded already, ${report.failed} failed, in ${report.commits} ${report.commits === 1 ? 'commit' : 'commits'}`,
    report.unmapped.length > 0 ? `fields that the mapping leaves out: ${report.unmapped.join(', ')}` : '',
    rejectsFile === null ? '' : `failed lines and their reasons: ${rejectsFile}`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}
