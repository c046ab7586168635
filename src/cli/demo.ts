import { mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasCode, MillwrightError } from '../contracts/millwright-error.ts';
import { outcome } from '../contracts/outcome.ts';
import { gitIdentity } from '../git/identity.ts';
import { git, gitText } from '../git/program.ts';
import type { PassContext } from '../ledger/controller.ts';
import { importFile } from '../ledger/import-file.ts';
import { parseMapping } from '../ledger/mapping.ts';
import { describeAnalysis } from './analyze.ts';
import type { CommandDefinition, Io } from './command.ts';
import { initAnywhere } from './init.ts';
import { print, withWorkspace } from './with-workspace.ts';

export const demo: CommandDefinition = {
  name: 'demo',
  summary: 'turn the loop once on 2,000 real outcomes, in a fresh folder',
  description:
    'Makes a fresh workspace outside this checkout, imports 2,000 real outcomes of coding agents, runs one pass, and shows what was found and proposed. Needs no key and no network. The workspace stays, to go on with.',
  options: [
    {
      flags: '--dir <folder>',
      text: 'where: a new or empty folder, or that of an earlier demo; default: a new folder for temporary files',
    },
  ],
  examples: ['millwright demo', 'millwright demo --dir ~/millwright-demo'],
  run: async ({ options }, io) => {
    const root =
      typeof options.dir === 'string'
        ? resolve(io.cwd, options.dir)
        : await mkdtemp(join(tmpdir(), 'millwright-demo-'));
    const say = (text: string) => (io.json ? undefined : io.out(`${text}\n`));
    await ensureOwnFolder(root);
    await initAnywhere(root, io);
    const identity = await ensureIdentity(root);
    say(`1. A fresh workspace: ${root}`);
    return withWorkspace(root, io, (context) => turnLoop(context, io, say, identity));
  },
};

const MARK = 'millwright.demo';

/** The demo has a repository of its own: invented work never gets into a real one, nor into one around the folder. */
async function ensureOwnFolder(root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  const entries = await readdir(root);
  if (entries.includes('.git') && (await isDemo(root))) return;
  if (entries.length > 0)
    throw new MillwrightError('usage', `${root} is not empty, and the demo needs a folder of its own`, {
      hint: 'name a new folder with --dir, or leave --dir out',
    });
  await gitText(['init', '--quiet', '--initial-branch=main'], { cwd: root });
  await gitText(['config', '--local', MARK, 'true'], { cwd: root });
}

async function isDemo(root: string): Promise<boolean> {
  const mark = await git(['config', '--local', '--get', MARK], { cwd: root });
  return mark.stdout.toString('utf8').trim() === 'true';
}

const data = (name: string) => fileURLToPath(new URL(`../../src/cli/demo-data/${name}`, import.meta.url));

async function turnLoop(
  context: PassContext,
  io: Io,
  say: (text: string) => void,
  identity: string,
): Promise<number> {
  const imported = await importOutcomes(context);
  say(
    `2. Imported ${imported.added} outcomes of SWE-bench Verified (${imported.unchanged} were there already, ${imported.failed} failed)`,
  );
  say(`   assumed by the mapping: all of them by persona solver 1.0.0, on 2026-11-01`);
  const { runPass } = await import('../runner/run-pass.ts');
  const { controllers } = await import('../runner/controllers.ts');
  say('3. One pass');
  const report = await runPass(context, { controllers, onStep: ({ summary }) => say(`   ${summary}`) });
  const { computeAnalysis } = await import('../feedback/run-analysis.ts');
  const analysis = await computeAnalysis(context);
  say(`4. What the data says\n\n${indent(describeAnalysis(analysis))}\n`);
  const log = await gitText(['log', '--oneline', '-n', '12'], { cwd: context.workspace.root });
  say(`5. Every step is a commit (git log)\n\n${indent(log)}\n`);
  const proposal = report.proposals[0]?.proposal_id ?? 'none';
  if (io.json)
    print(
      io,
      { workspace: context.workspace.root, imported, pass: report, findings: analysis.findings },
      String,
    );
  else say(goOn(context.workspace.root, proposal, identity));
  return report.failures.length > 0 ? 1 : 0;
}

async function importOutcomes(context: PassContext) {
  const rules = parseMapping('swe-bench.map.yaml', await readFile(data('swe-bench.map.yaml')));
  const file = data('swe-bench-verified-outcomes.jsonl');
  const rejectsFile = join(context.workspace.cache, `${basename(file)}.rejected.jsonl`);
  return importFile(context.workspace, context.index, { file, kind: outcome, rules, rejectsFile });
}

/** A machine without a git identity gets one for this workspace alone, so that a review can be signed. */
async function ensureIdentity(root: string): Promise<string> {
  try {
    return await gitIdentity(root);
  } catch (error) {
    if (!hasCode(error, 'no-identity')) throw error;
    await gitText(['config', 'user.name', 'Demo Reviewer'], { cwd: root });
    await gitText(['config', 'user.email', 'reviewer@demo.invalid'], { cwd: root });
    return gitIdentity(root);
  }
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `   ${line}`.trimEnd())
    .join('\n');
}

function goOn(root: string, proposal: string, identity: string): string {
  const short = proposal.split('/').at(-1) ?? proposal;
  return [
    '6. Go on. You decide; nothing changes a persona without you.',
    '',
    `   npx millwright review show ${short} --workspace ${root}`,
    `   npx millwright review apply ${short} --workspace ${root}`,
    `   npx millwright status --workspace ${root}`,
    `   git -C ${root} log --stat`,
    '',
    `   You are ${identity} there.`,
  ].join('\n');
}
