import type { Clock } from '../../contracts/clock.ts';
import { MillwrightError } from '../../contracts/millwright-error.ts';
import { ObjectStore } from '../../git/object-store.ts';
import { openRepository, type Repository } from '../../git/repository.ts';
import { type DiffRequest, validateDiff } from './diff/validate-diff.ts';
import { findPlaces } from './find-places.ts';
import type { Finding, Looked } from './finding.ts';
import { diskSnapshot } from './tree/disk-snapshot.ts';
import { listFiles } from './tree/list-files.ts';
import { loadTexts } from './tree/load-texts.ts';
import { readSettingsFile, type SettingsRead } from './tree/read-settings-file.ts';
import { validateTree } from './tree/validate-tree.ts';

export interface ValidateOptions {
  readonly clock: Clock;
  /** Also what HEAD brings since it left a base. */
  readonly diff?: DiffRequest;
}

/**
 * The merge gate: looks at the checkout, and at what HEAD would bring to a base. Reads only: nothing is fetched,
 * locked, moved or run, and no cache is made.
 * Throws `no-repository`, `no-workspace`, `no-checkout`, `unknown-base` and `no-merge-base`.
 */
export async function validate(folder: string, options: ValidateOptions): Promise<Looked> {
  const repository = await openRepository(folder);
  if (repository.bare) throw noCheckout(repository);
  const read = await readSettingsFile(repository.root);
  const store = new ObjectStore(repository);
  try {
    const tree = await lookAtTree(repository, store, read, options.clock);
    const { diff } = options;
    const change =
      diff === undefined ? undefined : await validateDiff(repository.root, store, read.settings, diff);
    return joined(tree, change);
  } finally {
    store.close();
  }
}

async function lookAtTree(
  { root }: Repository,
  store: ObjectStore,
  { settings, settingLine, findings }: SettingsRead,
  clock: Clock,
): Promise<Looked> {
  const files = await listFiles(root);
  const texts = await loadTexts(root, files);
  const snapshot = diskSnapshot(store, texts.blobs);
  const { ledgers } = await findPlaces(root, settings, true);
  const ledger = ledgers.at(-1) ?? (await store.read('HEAD^{commit}'))?.oid;
  const ground = { root, store, clock, settings, settingLine, files, snapshot };
  return validateTree(ground, [...findings, ...texts.findings], ledger);
}

function joined(tree: Looked, change: Looked | undefined): Looked {
  const findings = [...tree.findings, ...(change?.findings ?? [])];
  return {
    checked: { ...tree.checked, ...change?.checked },
    findings: findings.sort((a, b) => compare(a.path, b.path) || (a.line ?? 0) - (b.line ?? 0)),
    unchecked: [...tree.unchecked, ...(change?.unchecked ?? [])],
  };
}

function compare(a: Finding['path'], b: Finding['path']): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function noCheckout({ root }: Repository): MillwrightError {
  return new MillwrightError('no-checkout', `expected a checkout at ${root}, found a bare repository`, {
    hint: 'run millwright validate in a clone or work tree of it',
    data: { root },
  });
}
