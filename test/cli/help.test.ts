import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { CommandDefinition } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands.ts';
import { runCliIn } from './run-cli-in.ts';

const here = tmpdir();
const loaded = await Promise.all(commands.map((entry) => entry.load()));
const everyCommand = loaded.flatMap((command) => [
  { path: [command.name], command },
  ...(command.subcommands ?? []).map((sub) => ({ path: [command.name, sub.name], command: sub })),
]);

describe('help', () => {
  test('lists every command with its summary and every exit code, on stdout.', async () => {
    const { code, out, err } = await runCliIn(here, ['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const words = out.replaceAll(/\s+/g, ' ');
    for (const { name, summary } of commands) expect(words).toContain(`${name} ${summary}`);
    for (const exit of ['0 done', '1 failed', '2 called wrongly', '10', '11', '12', '13', '130'])
      expect(words).toContain(exit);
  });

  test('the list says the same of a command as the command itself.', () => {
    expect(loaded.map(({ name, summary }) => [name, summary])).toEqual(
      commands.map(({ name, summary }) => [name, summary]),
    );
  });

  test.each(everyCommand.map(({ path, command }) => [path.join(' '), path, command] as const))(
    'of "%s" has its description, examples, exit codes and the global options.',
    async (name, path, command) => {
      const { code, out, err } = await runCliIn(here, [...path, '--help']);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const words = out.replaceAll(/\s+/g, ' ');
      expect(words).toContain(command.description);
      expect(words).toContain('Examples:');
      expect(words).toContain(`$ millwright ${name.split(' ')[0] ?? ''}`);
      expect(words).toContain('Exit status: 0 done 1 failed 2 called wrongly');
      expect(words).toContain('--json');
      expect(words).toContain('--workspace');
      expect(await runCliIn(here, ['help', path[0] ?? ''])).toMatchObject({ code: 0 });
    },
  );

  test.each(everyCommand.map(({ path, command }) => [path.join(' '), command] as const))(
    'of "%s" has examples that are command lines of that command.',
    (_name, command: CommandDefinition) => {
      expect(command.examples.length).toBeGreaterThan(0);
      for (const example of command.examples) {
        const [program, first = ''] = example.split(' ');
        expect(program).toBe('millwright');
        expect(commands.map((entry) => entry.name)).toContain(first);
      }
    },
  );

  test('--version prints the version of the package and nothing else.', async () => {
    const { code, out, err } = await runCliIn(here, ['--version']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('a wrong call', () => {
  const wrong = [
    [['bogus'], "unknown command 'bogus'"],
    [['statsu'], "unknown command 'statsu'"],
    [['run', '--bogus'], "unknown option '--bogus'"],
    [['review', 'bogus'], "unknown command 'bogus'"],
    [['drop'], "missing required argument 'file'"],
    [['import', 'x.jsonl', '--kind'], "option '--kind <kind>' argument missing"],
    [['status', 'too', 'much'], 'too many arguments'],
  ] as const;

  test.each(wrong)(
    '%j ends with 2, names the fault, and hints at the help, on stderr.',
    async (argv, fault) => {
      const { code, out, err } = await runCliIn(here, argv);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(fault);
      expect(err).toMatch(/hint: .*--help/);
    },
  );

  test.each(wrong)('%j with --json ends with 2 and says the same as data.', async (argv, fault) => {
    const { code, out, err } = await runCliIn(here, ['--json', ...argv]);
    expect({ code, err }).toEqual({ code: 2, err: '' });
    const { error } = JSON.parse(out) as { error: { code: string; message: string; hint: string } };
    expect(error.code).toBe('usage');
    expect(error.message).toContain(fault);
    expect(error.hint).toContain('--help');
  });

  test.each([[[]], [['review']]])(
    '%j without a command shows the help on stderr and ends with 2.',
    async (argv) => {
      const { code, out, err } = await runCliIn(here, argv);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain('Usage: millwright');
      expect(JSON.parse((await runCliIn(here, [...argv, '--json'])).out)).toMatchObject({
        error: { code: 'usage', message: 'expected a command' },
      });
    },
  );

  test('a command that is nearly right is guessed.', async () => {
    expect((await runCliIn(here, ['statsu'])).err).toContain('Did you mean status?');
  });
});
