import type { BadLine } from '../ledger/segments.ts';
import type { Workspace } from '../ledger/workspace.ts';

/** How the history of a workspace is opened: from the checkout where there is one, and telling what is wrong. */
export function historyOptions(workspace: Workspace) {
  return {
    cache: workspace.cache,
    workTree: workspace.repository.bare ? undefined : workspace.root,
    clock: workspace.clock,
    onBadLine: ({ path, line, found }: BadLine) => {
      const version = Number(/"schema_version":(\d+)/.exec(found)?.[1] ?? 1);
      const newer = version > 1 ? `, of schema version ${version}: a newer Millwright may read it` : '';
      workspace.warnings.push(
        `${path}:${line}: expected a record, found ${found}${newer}; the line was left out`,
      );
    },
    onInMemory: (why: string) => {
      workspace.warnings.push(`the history was read into memory and not kept: ${why}`);
    },
  };
}
