import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProcessResult, runProcess } from '../../test/support/run-process.ts';
import { takePart } from './take-part.ts';

/**
 * What others do: a clone for each worker and one shared branch. Pull, write a lock file, commit, push; when
 * another was first, pull again, and choose another slot if it is the same one that was lost.
 * Arguments: the clone; the name of the worker.
 */
const [clone = '', worker = ''] = process.argv.slice(2);
const git = (...args: string[]): Promise<ProcessResult> =>
  runProcess('git', args, { cwd: clone, env: process.env });

async function must(...args: string[]): Promise<void> {
  const { code, stderr } = await git(...args);
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
}

const names = async (folder: string) => readdir(join(clone, folder)).catch(() => []);

async function freeSlot(): Promise<string | undefined> {
  const taken = new Set(await names('queue/claims'));
  const free = (await names('queue/slots')).filter((name) => !taken.has(name) && name.endsWith('.json'));
  return free[Math.floor(Math.random() * free.length)];
}

async function claimOne(): Promise<string | undefined> {
  if ((await git('pull', '-q', '--rebase')).code !== 0) await startOver();
  for (;;) {
    const slot = await freeSlot();
    if (slot === undefined) return undefined;
    const path = `queue/claims/${slot}`;
    await writeFile(join(clone, path), JSON.stringify({ slot, worker, claimed_at: new Date() }));
    await must('add', '--', path);
    await must('commit', '-q', '-m', `Claim ${slot}`);
    if (await pushed()) return slot;
    await startOver();
  }
}

/** @returns false: another has the slot */
async function pushed(): Promise<boolean> {
  for (;;) {
    if ((await git('push', '-q')).code === 0) return true;
    lost += 1;
    if ((await git('pull', '-q', '--rebase')).code !== 0) return false;
  }
}

async function startOver(): Promise<void> {
  await git('rebase', '--abort');
  await must('fetch', '-q');
  await must('reset', '-q', '--hard', '@{upstream}');
}

let lost = 0;
await mkdir(join(clone, 'queue/claims'), { recursive: true });
await must('pull', '-q', '--rebase');
await takePart({ loops: [claimOne], lost: () => lost, graceMs: 0 });
