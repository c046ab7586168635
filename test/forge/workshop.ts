import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '../../src/contracts/clock.ts';
import type { Entry } from '../../src/contracts/record.ts';
import { type FeedbackState, readFeedbackState } from '../../src/feedback/feedback-state.ts';
import type { PassContext } from '../../src/ledger/controller.ts';
import { readEntries } from '../../src/ledger/read-entries.ts';
import { RecordIndex } from '../../src/ledger/record-index.ts';
import { openWorkspace } from '../../src/ledger/workspace.ts';
import { controllers } from '../../src/runner/controllers.ts';
import { type PassReport, runPass } from '../../src/runner/run-pass.ts';
import { bareRemote, type GitFolder, gitFolder } from '../support/git-folder.ts';

// Passes run git with the environment of this process: nothing of this machine may get in.
Object.assign(process.env, { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' });

export interface WorkshopOptions {
  /** With a bare remote that is the shared truth. */
  readonly remote?: boolean;
  /** Lines of `millwright.yaml`. */
  readonly settings?: string;
  /** The environment in which the remote, and the forge there, are talked to. Asked when a pass begins. */
  readonly remoteEnv?: () => Readonly<Record<string, string>>;
  /** Further files of the first commit. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A workspace with two personas, a person who works in its checkout, and passes as processes of their own. */
export interface Workshop extends AsyncDisposable {
  /** The person's checkout. */
  readonly folder: GitFolder;
  /** The repository that holds the truth: the remote, or the person's own. */
  readonly truth: GitFolder;
  readonly warnings: string[];
  /** Runs `work` as a process of its own would: fresh workspace, fresh index. */
  run<T>(work: (context: PassContext) => Promise<T>): Promise<T>;
  pass(): Promise<PassReport>;
  /** The typed results of one pass, by proposal. */
  results(): Promise<Record<string, string>>;
  drop(kind: string, name: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
  state(): Promise<FeedbackState>;
  records<Fields>(kind: string): Promise<(Entry & Fields)[]>;
  /** Branches that hold proposals, at the place of truth. */
  branches(): Promise<string[]>;
  /** The tip of the branch that machines write to. */
  ledgerTip(): Promise<string>;
  /** Lets time go by for passes, not for git. */
  advance(ms: number): void;
  /** Brings the person's checkout up to what passes have made. */
  sync(): Promise<void>;
  /** Publishes the person's commits. */
  publish(...refs: string[]): Promise<void>;
  /** How the person's git names the branch of a proposal. */
  named(id: string): string;
}

const persona = (id: string) =>
  readFileSync(fileURLToPath(new URL(`../../personas/${id}.yaml`, import.meta.url)), 'utf8');

export async function workshop(options: WorkshopOptions = {}): Promise<Workshop> {
  const folder = await gitFolder({
    'millwright.yaml': options.settings ?? '',
    '.gitignore': '.millwright/\n',
    'personas/solver.yaml': persona('solver'),
    'personas/backend.yaml': persona('backend'),
    ...options.files,
  });
  const remote = options.remote ? await bareRemote() : undefined;
  if (remote !== undefined) {
    await folder.git('remote', 'add', 'origin', remote.dir);
    await folder.git('push', '-q', '-u', 'origin', 'main');
  }
  const { clock, advance } = movableClock();
  const warnings: string[] = [];

  const run = async <T>(work: (context: PassContext) => Promise<T>): Promise<T> => {
    const env = options.remoteEnv?.();
    const workspace = await openWorkspace(folder.dir, {
      clock,
      ...(env === undefined ? {} : { remoteEnv: env }),
    });
    try {
      return await work({ workspace, index: new RecordIndex(workspace.cache) });
    } finally {
      warnings.push(...workspace.warnings);
      workspace.close();
    }
  };
  const pass = () => run((context) => runPass(context, { controllers }));
  const truth = remote ?? folder;
  const ledger = /^ledger_branch: (.*)$/m.exec(options.settings ?? '')?.[1] ?? 'main';
  return {
    folder,
    truth,
    warnings,
    run,
    pass,
    advance,
    results: async () => {
      const { proposals } = await pass();
      return Object.fromEntries(proposals.map(({ proposal_id: id, result }) => [id, result]));
    },
    drop: (kind, name, fields) =>
      folder.write(`queue/inbox/${kind}/${name}.json`, `${JSON.stringify(fields)}\n`),
    state: () => run(({ workspace }) => readFeedbackState(workspace)),
    records: <Fields>(kind: string) =>
      run(async ({ workspace }) => readEntries<Fields>((await workspace.log.tip()).snapshot, kind)),
    branches: async () => {
      const text = await truth.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/millwright');
      return text.split('\n').filter((name) => name !== '' && name !== ledger);
    },
    ledgerTip: () => truth.git('rev-parse', ledger),
    sync: async () => {
      if (remote !== undefined) await folder.git('pull', '-q', '--rebase', 'origin', 'main');
      if (remote !== undefined) await folder.git('fetch', '-q', '--prune', 'origin');
    },
    publish: async (...refs) => {
      if (remote !== undefined)
        await folder.git('push', '-q', 'origin', ...(refs.length > 0 ? refs : ['main']));
    },
    named: (id) => (remote === undefined ? id : `origin/${id}`),
    [Symbol.asyncDispose]: async () => {
      await folder[Symbol.asyncDispose]();
      await remote?.[Symbol.asyncDispose]();
    },
  };
}

function movableClock(): { clock: Clock; advance: (ms: number) => void } {
  let ahead = 0;
  const clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + ahead) };
  return {
    clock,
    advance: (ms) => {
      ahead += ms;
    },
  };
}

/** A recommendation that routes a domain of the solver to another model. */
export function routeTo(domain: string | null, model: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    recommendation_type: 'routing',
    target_persona: 'solver',
    priority: 'high',
    title: `route ${domain ?? 'everything else'} to ${model}`,
    evidence: [{ statement: 'It was seen to work better.' }],
    suggested_change: { deltas: [{ op: 'set_route', domain, model }] },
    ...more,
  };
}

/** A workshop in which one proposal for the solver is open: route a/b to gpt-5. */
export async function openedWorkshop(options: WorkshopOptions = {}): Promise<Workshop & { id: string }> {
  const shop = await workshop(options);
  await shop.drop('recommendation', 'route-a', routeTo('a/b', 'gpt-5'));
  const { failures } = await shop.pass();
  const [id, ...more] = await shop.branches();
  if (id === undefined || more.length > 0 || failures.length > 0)
    throw new Error(`expected one proposal, found ${JSON.stringify({ id, more, failures })}`);
  await shop.sync();
  return { ...shop, id };
}

export const solverFile = 'personas/solver.yaml';

export async function removeFile(shop: Workshop, path: string): Promise<void> {
  await rm(join(shop.folder.dir, path));
}
