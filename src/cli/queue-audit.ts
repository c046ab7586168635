import type { AuditReport } from '../audit/audit-queue.ts';
import type { CommandInput, Io } from './command.ts';
import { lookAtWorkspace, print } from './with-workspace.ts';

export async function runAudit({ folder, options }: CommandInput, io: Io): Promise<number> {
  return lookAtWorkspace(folder, io, async ({ workspace }) => {
    const { auditQueue } = await import('../audit/audit-queue.ts');
    const { root, remote, settings } = workspace;
    const report = await auditQueue({
      root,
      ledgerBranch: settings.ledger_branch,
      namespace: settings.ref_namespace,
      branches: options.branches === true,
      ...(remote === undefined
        ? {}
        : {
            remote: {
              name: remote.remote,
              address: remote.address,
              ...(remote.env === undefined ? {} : { env: { ...remote.env } }),
            },
          }),
    });
    print(io, report, describe);
    return report.violations.length === 0 ? 0 : 1;
  });
}

function describe({ slots, items, live, ended, claims, cells, strays, violations }: AuditReport): string {
  const ends = Object.entries(ended).map(([end, n]) => `${n} ${end}`);
  return [
    `${slots} slots of ${items} items: ${live} live, ${ends.join(', ')}; ${claims} claims, ${cells} cells`,
    ...strays.map((slot) => `stray: ${slot} was claimed after it had left the queue; it counts for nothing`),
    ...violations.map(
      ({ rule, slot, item, where, expected, found }) =>
        `${rule}: ${slot ?? item ?? ''} at ${where}: expected ${expected}, found ${found}`,
    ),
    violations.length === 0 ? 'every claim held' : `${violations.length} violations`,
  ].join('\n');
}
