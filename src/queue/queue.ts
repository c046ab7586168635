import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Workspace } from '../ledger/workspace.ts';
import { Observer } from './observer.ts';
import { QueueView } from './queue-view.ts';
import type { Stamp } from './slot-machine.ts';

/** The queue of a workspace, as one process sees it and writes to it. */
export interface Queue {
  readonly workspace: Workspace;
  readonly view: QueueView;
  readonly observer: Observer;
  /** The time to write into a claim, and a fresh nonce. */
  stamp(): Stamp;
}

export function openQueue(workspace: Workspace): Queue {
  const { refs: transport, store, settings, clock } = workspace;
  const view = new QueueView({
    transport,
    store,
    ledgerBranch: settings.ledger_branch,
    namespace: settings.ref_namespace,
    kept: join(workspace.cache, 'items.json'),
  });
  const stamp = (): Stamp => {
    // The late bound: a claim never looks older than it is.
    const server = transport.serverTime?.()?.latest;
    const time =
      server === undefined
        ? { at: clock.now(), clock: 'local' as const }
        : { at: server, clock: 'server' as const };
    return { ...time, nonce: randomBytes(12).toString('hex') };
  };
  return { workspace, view, observer: new Observer(clock), stamp };
}
