import { ACTION_FILE } from './github-files.ts';

/** What does not happen while somebody else's file stands where Millwright's would. */
const leftOut: Readonly<Record<string, string>> = {
  [ACTION_FILE]:
    'the workflows have nothing that installs Millwright as they expect it, so none of them works',
  '.github/workflows/loop.yml': 'the loop does not turn by itself',
  '.github/workflows/pages.yml': 'no site is published',
  '.github/workflows/reconcile.yml':
    'no pass runs by itself, so contracts wait and decisions are not noticed',
  '.github/workflows/validate.yml': 'there is no merge gate',
  '.github/workflows/worker.yml': 'no workers run',
};

/** Undefined for a file that may as well be somebody else's: their tests, their page about the workflows. */
export function whatForeignLeavesOut(path: string): string | undefined {
  return leftOut[path];
}
