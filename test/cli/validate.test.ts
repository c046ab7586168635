import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Io } from '../../src/cli/command.ts';
import { validate } from '../../src/cli/validate.ts';
import { commitFiles, smallWorkspace } from '../runner/validate/gate.ts';
import type { GitFolder } from '../support/git-folder.ts';

interface Asked {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly json?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

let folder: GitFolder;
beforeEach(async () => {
  folder = await smallWorkspace();
});
afterEach(() => folder[Symbol.asyncDispose]());

async function run({ options = {}, json = false, env = {} }: Asked = {}) {
  const text = { out: '', err: '' };
  const never = new AbortController().signal;
  const io: Io = {
    ...{ cwd: folder.dir, env, json, color: false, terminal: false, width: undefined },
    ...{ signal: never, insist: never },
    out: (words) => {
      text.out += words;
    },
    err: (words) => {
      text.err += words;
    },
    pipe: async () => undefined,
  };
  const code = await validate.run?.({ args: [], options, folder: folder.dir }, io);
  return { code, ...text };
}

const hostile = 'queue/inbox/outcome/::error file=x,line=1::100%\n::set-env.json';

describe('validate', () => {
  test('says in one line that all is well, and exits with 0.', async () => {
    expect(await run()).toEqual({
      code: 0,
      out: 'checked 1 persona, 1 prompt, 0 contracts, 0 proposals: nothing to complain about\n',
      err: '',
    });
  });

  test('groups findings by file, with hints and a count at the end, and exits with 1.', async () => {
    await folder.write('queue/inbox/outcome/a.json', '{\n"idea_id": "x",\n"outcome": "perhaps"}');
    await folder.write('personas/solver.yml', 'x');
    const { code, out } = await run();
    const lines = out.trimEnd().split('\n');
    expect(code).toBe(1);
    expect(lines[0]).toBe('personas/solver.yml');
    expect(lines[1]).toMatch(
      /^ {2}warning {2}expected a persona at personas\/<id>\.yaml, found a file that nobody reads \(persona\)$/,
    );
    expect(lines[3]).toBe('queue/inbox/outcome/a.json');
    expect(lines[4]).toMatch(
      /^ {2}error {4}line 3, outcome: expected one of .*, found "perhaps" \(contract\)$/,
    );
    expect(lines[5]).toMatch(/^ {11}hint: /);
    expect(lines.at(-1)).toBe('checked 1 persona, 1 prompt, 1 contract, 0 proposals: 1 error, 1 warning');
  });

  test('exits with 0 when there are only warnings.', async () => {
    await folder.write('personas/solver.yml', 'x');
    expect((await run()).code).toBe(0);
  });

  test('prints one JSON value with what was checked, found and left out.', async () => {
    await folder.write('queue/inbox/outcome/a.json', '{');
    await commitFiles(folder, { 'src/a.ts': '1' });
    const { code, out, err } = await run({ json: true, options: { diff: 'HEAD~1' } });
    expect([code, err, out.split('\n').length]).toEqual([1, '', 2]);
    expect(JSON.parse(out)).toEqual({
      checked: {
        personas: 1,
        prompts: 1,
        contracts: 1,
        proposals: 0,
        commits: 1,
        changed_files: 1,
        claims: 0,
      },
      findings: [
        {
          path: 'queue/inbox/outcome/a.json',
          line: 1,
          severity: 'error',
          rule: 'contract',
          message: expect.stringMatching(/^expected .*, found /),
          hint: expect.stringContaining('millwright drop'),
        },
      ],
      unchecked: [],
    });
  });

  test('annotates every finding in a workflow, and no name of a file becomes a command of it.', async () => {
    await folder.write(hostile, '{');
    const { out, err } = await run({ env: { GITHUB_ACTIONS: 'true' } });
    expect(err).toMatch(
      /^::error file=queue\/inbox\/outcome\/%3A%3Aerror file=x%2Cline=1%3A%3A100%25%0A%3A%3Aset-env\.json,line=1,title=millwright%3A contract::expected [^\n]+%0Ahint: [^\n]+\n$/,
    );
    for (const line of out.split('\n')) expect(line).not.toMatch(/^\s*::/);
    expect((await run({ env: {} })).err).toBe('');
  });

  test('shows the first findings of a file, and counts the rest.', async () => {
    const wrong = Array.from({ length: 30 }, (_, n) => [`wrong_${n}`, n]);
    await folder.write('queue/inbox/outcome/a.json', JSON.stringify(Object.fromEntries(wrong)));
    const { out } = await run();
    expect(out).toContain('\n  and 12 more\n');
  });

  test('says what it could not check in the last line too, and in a workflow as a warning.', async () => {
    await folder.write('millwright.yaml', 'thoughts:\n  persona: solver\nledger_branch: apart\n');
    await folder.git('commit', '-qam', 'A ledger that is not here');
    await commitFiles(folder, { 'src/a.ts': '1' }, 'Work\n\nMillwright-Slot: t1-v1\nMillwright-Token: 1');
    const asked = { options: { diff: 'HEAD~1' }, env: { GITHUB_ACTIONS: 'true' } };
    const { code, out, err } = await run(asked);
    expect(code).toBe(0);
    expect(out).toMatch(/, 1 claim: nothing to complain about; 1 not checked\n$/);
    expect(err).toMatch(
      /^::warning title=millwright%3A not checked::whether token 1 of t1-v1 is its claim[^\n]*\n$/,
    );
  });

  test('is called wrongly with --fork and no base, and says so.', async () => {
    await expect(run({ options: { fork: true } })).rejects.toMatchObject({ code: 'usage' });
  });

  test('needs a checkout.', async () => {
    await folder.git('config', 'core.bare', 'true');
    await expect(run()).rejects.toMatchObject({ code: 'no-checkout' });
  });
});
