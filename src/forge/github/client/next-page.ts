/** Where the next page is, as parameters; `last` is the number of the last page where the server says it. */
export interface PageLinks {
  readonly next: Readonly<Record<string, string>> | undefined;
  readonly last: number | undefined;
}

/** What may say where a page begins. Nothing else of a link counts: its host and its path are not followed. */
const placeNames = ['page', 'after', 'before', 'cursor', 'since'];

/** Reads a `Link` header (RFC 8288). */
export function pageLinks(header: string | undefined): PageLinks {
  const links = new Map<string, URL>();
  for (const [, address = '', attributes = ''] of (header ?? '')
    .slice(0, 20_000)
    .matchAll(/<([^<>]*)>([^<]*)/g)) {
    const relation = /;\s*rel="?([a-z]+)"?/i.exec(attributes)?.[1]?.toLowerCase();
    if (relation !== undefined && URL.canParse(address)) links.set(relation, new URL(address));
  }
  const next = links.get('next');
  const last = links.get('last')?.searchParams.get('page') ?? '';
  return {
    next: next && placeIn(next),
    last: /^\d{1,6}$/.test(last) ? Number(last) : undefined,
  };
}

function placeIn({ searchParams }: URL): Record<string, string> | undefined {
  const found = placeNames.flatMap((name) => {
    const value = searchParams.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
