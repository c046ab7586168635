const TICKED = /^(\s*[-*+] )\[[xX]\]( <!-- \S+ -->)/;

/** The orders that are ticked, each as it stands in its comment. */
export function tickedOrders(body: string): string[] {
  return body.split('\n').flatMap((line) => TICKED.exec(line)?.[2] ?? []);
}

/** The same body with every box open. */
export function withoutTicks(body: string): string {
  return body
    .split('\n')
    .map((line) => line.replace(TICKED, '$1[ ]$2'))
    .join('\n');
}

/** A body with open boxes in which these orders are ticked, where they still are. */
export function withTicks(body: string, orders: readonly string[]): string {
  return body
    .split('\n')
    .map((line) => (orders.some((order) => line.includes(`[ ]${order}`)) ? line.replace('[ ]', '[x]') : line))
    .join('\n');
}
