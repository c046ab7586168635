import './test-environment.ts';
import { appendFile, cp, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outcome } from '../../src/contracts/outcome.ts';
import type { PassContext } from '../../src/ledger/controller.ts';
import { dropContract } from '../../src/ledger/drop.ts';
import { importFile } from '../../src/ledger/import-file.ts';
import { initWorkspace } from '../../src/ledger/init-workspace.ts';
import { parseMapping } from '../../src/ledger/mapping.ts';
import { RecordIndex } from '../../src/ledger/record-index.ts';
import { type OpenOptions, openWorkspace } from '../../src/ledger/workspace.ts';
import { type GitFolder, gitFolder } from '../support/git-folder.ts';

const demoData = fileURLToPath(new URL('../../src/cli/demo-data/', import.meta.url));

/** Opens a workspace as a command does, runs `work` and closes it. */
export async function inWorkspace<T>(
  root: string,
  work: (context: PassContext) => Promise<T>,
  options: OpenOptions = {},
): Promise<T> {
  const workspace = await openWorkspace(root, options);
  try {
    return await work({ workspace, index: new RecordIndex(workspace.cache) });
  } finally {
    workspace.close();
  }
}

/** A fresh workspace: one commit, a roster, nothing recorded. */
export async function freshWorkspace(settings = ''): Promise<GitFolder> {
  const folder = await gitFolder();
  await initWorkspace(folder.dir);
  if (settings !== '') {
    await appendFile(join(folder.dir, 'millwright.yaml'), settings);
    await folder.git('commit', '-q', '-a', '-m', 'Settings');
  }
  return folder;
}

/**
 * Imports the rows of one repository of the demo data: 136 outcomes, on which one model does better than the
 * one that the persona solver routes to. That is enough for a finding, a patch and a proposal.
 */
export async function importDemoRows(folder: GitFolder, repo = 'matplotlib/matplotlib'): Promise<number> {
  const lines = (await readFile(join(demoData, 'swe-bench-verified-outcomes.jsonl'), 'utf8')).split('\n');
  const file = join(dirname(folder.dir), 'rows.jsonl');
  await writeFile(file, lines.filter((line) => line.includes(`"repo":"${repo}"`)).join('\n'));
  const rules = parseMapping('map', await readFile(join(demoData, 'swe-bench.map.yaml')));
  const options = { file, kind: outcome, rules, rejectsFile: `${file}.rejected` };
  const report = await inWorkspace(folder.dir, ({ workspace, index }) =>
    importFile(workspace, index, options),
  );
  await rm(file);
  return report.added;
}

/** The same workspace once more, in a folder of its own: cheaper than to make it again. */
export async function copyWorkspace(from: GitFolder): Promise<GitFolder> {
  const copy = await gitFolder();
  await rm(copy.dir, { recursive: true });
  await cp(from.dir, copy.dir, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  return copy;
}

export function outcomeText(ideaId: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    idea_id: ideaId,
    outcome: 'accepted',
    emitted_at: '2026-11-01T00:00:00.000Z',
    ...more,
  });
}

/** Drops a file into the inbox of a checkout, with a time of writing that no pass waits for. */
export async function place(root: string, path: string, text: string): Promise<void> {
  const full = join(root, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, text);
  await utimes(full, minuteAgo(), minuteAgo());
}

function minuteAgo(): Date {
  return new Date(Date.now() - 60_000);
}

const inbox = 'queue/inbox/outcome';

/**
 * A workspace in which one pass takes in every sort of contract, finds something, makes a patch and opens
 * its proposal: good and bad files that are committed, staged, uncommitted and dropped as cells.
 */
export async function busyWorkspace(): Promise<GitFolder> {
  const folder = await freshWorkspace();
  await importDemoRows(folder);
  const { dir } = folder;
  await place(dir, `${inbox}/committed-good.json`, outcomeText('committed'));
  await place(dir, `${inbox}/committed-bad.json`, '{"idea_id": "x", "outcome": "perhaps"}');
  await place(dir, 'queue/inbox/research_signal/committed-broken.yaml', 'title: [\n');
  await symlink('/etc/hostname', join(dir, `${inbox}/committed-link.json`));
  await folder.git('add', '-A');
  await folder.git('commit', '-q', '-m', 'Drop contracts by hand');
  await place(dir, `${inbox}/staged-good.json`, outcomeText('staged'));
  await place(dir, `${inbox}/staged-bad.json`, '<<<<<<< ours\n{}\n');
  await folder.git('add', '-A');
  await place(
    dir,
    `${inbox}/loose-good.yaml`,
    'idea_id: loose\noutcome: rejected\nemitted_at: 2026-10-30T00:00:00Z\n',
  );
  await place(dir, `${inbox}/loose-twin.json`, outcomeText('twin', { id: 'twin' }));
  await place(dir, `${inbox}/loose-twin-again.json`, outcomeText('twin', { id: 'twin' }));
  await place(dir, `${inbox}/loose-twin-other.json`, outcomeText('not the twin', { id: 'twin' }));
  await place(dir, `${inbox}/loose-bad.json`, '{"idea_id": 7');
  await place(dir, 'queue/inbox/nonsense/loose.json', '{}');
  // A file that holds a secret is never committed: it moves aside on this machine.
  const secret = `ghp_${'a1b2'.repeat(9)}`;
  await place(dir, `${inbox}/loose-secret.json`, outcomeText('secret', { notes: secret }));
  await inWorkspace(dir, ({ workspace }) =>
    dropContract(workspace, {
      file: 'cell.json',
      bytes: Buffer.from(outcomeText('cell', { id: 'cell' })),
      kind: 'outcome',
      push: true,
    }),
  );
  // It is copied many times: one pack is faster to copy than hundreds of objects.
  await folder.git('repack', '-a', '-d', '-q');
  return folder;
}
