import { findKind } from '../../../contracts/kinds.ts';

/** A path that only Millwright writes, and how a person gets done what an edit of it was meant to do. */
export interface MachinePath {
  readonly what: string;
  readonly right: string;
}

const queueFolders: Readonly<Record<string, MachinePath>> = {
  items: {
    what: 'live work',
    right: 'drop a thought to add work; "millwright queue cancel ITEM" gives an item up',
  },
  slots: {
    what: 'live work',
    right:
      '"millwright queue claim", "complete" and "release" change a slot; "queue cancel ITEM" gives it up',
  },
  dead: {
    what: 'slots that failed too often',
    right: '"millwright queue revive SLOT" gives one another life; "queue cancel ITEM" gives it up',
  },
  claims: {
    what: 'claims, which are on no branch at all',
    right: '"millwright queue claim SLOT" claims; the claim lies in the slot\'s own ref',
  },
  rejected: {
    what: 'refused contracts as they came',
    right: 'correct a copy and drop it again; what is dealt with may be deleted, and nothing else changed',
  },
  proposals: {
    what: 'proposals of the local forge',
    right: '"millwright review reject ID" or "review apply ID"; by hand only state and reason of a page',
  },
};

const elsewhere: MachinePath = {
  what: 'machine-written',
  right: 'contracts go to queue/inbox/<kind>/; everything else in queue/ is written by millwright commands',
};
const records: MachinePath = {
  what: 'the history',
  right: 'drop a contract into queue/inbox/<kind>/, or use "millwright import"; a correction is a new record',
};
const artifacts: MachinePath = {
  what: 'what Millwright has made of sessions and weeks',
  right: 'leave it to Millwright, such as "millwright loop"; texts of people belong elsewhere',
};

/** undefined: people may change it. Pure, by the name alone. */
export function machinePath(path: string): MachinePath | undefined {
  const parts = path.split('/');
  const [top, folder = ''] = parts;
  const name = parts.at(-1) ?? '';
  // Pages that explain a folder, and files that keep an empty one.
  if (name === 'README.md' || name === '.gitkeep' || name === '.gitignore') return undefined;
  if (top === 'artifacts') return artifacts;
  if (top === 'state') return isHistory(parts) ? records : undefined;
  if (top !== 'queue' || folder === 'inbox') return undefined;
  return Object.hasOwn(queueFolders, folder) ? queueFolders[folder] : elsewhere;
}

/** Also of a kind that this version does not know. */
function isHistory([, folder = '', month = '', name = '']: readonly string[]): boolean {
  return findKind(folder) !== undefined || (/^\d{4}-\d{2}$/.test(month) && name.endsWith('.jsonl'));
}
