import type { BoardOrders, BoardRow } from '../../forge.ts';

/** Ids that can stand in a comment, and in nothing else. */
const ID = String.raw`millwright\/[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*`;
const ORDER = new RegExp(
  String.raw`^\s*[-*+] \[[xX]\] <!-- (?:(open|reconsider):(${ID})|remake:(${ID})@([0-9a-f]{40})) -->`,
);
const safeId = new RegExp(`^${ID}$`);

const byResult: Readonly<Record<string, 'open' | 'remake' | 'reconsider'>> = {
  opened: 'remake',
  updated: 'remake',
  unchanged: 'remake',
  'edited-by-human': 'remake',
  stuck: 'remake',
  capped: 'open',
  'closed-by-bot': 'open',
  rejected: 'reconsider',
};

const words = { open: 'open it now', remake: 'make it anew', reconsider: 'offer it again' };

/** The open check box of a row with the order behind it; empty where there is nothing to order. */
export function writeOrder({ id, result, head }: BoardRow): string {
  const order = byResult[result];
  if (order === undefined || !safeId.test(id) || id.includes('--')) return '';
  if (order === 'remake' && !/^[0-9a-f]{40}$/.test(head ?? '')) return '';
  const target = order === 'remake' ? `${id}@${head}` : id;
  return `[ ] <!-- ${order}:${target} --> ${words[order]}: `;
}

/** What is ticked on a dashboard. Whatever does not look like one of Millwright's own boxes is no order. */
export function readOrders(body: string): BoardOrders {
  const orders = {
    open: new Set<string>(),
    reconsider: new Set<string>(),
    remake: new Map<string, string>(),
  };
  for (const line of body.split(/\r?\n/)) {
    const [, order, id, remade, head] = ORDER.exec(line) ?? [];
    if (order === 'open' && id !== undefined) orders.open.add(id);
    if (order === 'reconsider' && id !== undefined) orders.reconsider.add(id);
    if (remade !== undefined && head !== undefined) orders.remake.set(remade, head);
  }
  return {
    open: [...orders.open],
    reconsider: [...orders.reconsider],
    remake: [...orders.remake].map(([id, head]) => ({ id, head })),
  };
}
