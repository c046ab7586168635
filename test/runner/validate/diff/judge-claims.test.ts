import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toLine } from '../../../../src/contracts/record.ts';
import { type Claim, type WorkSlot, workSlot } from '../../../../src/contracts/work.ts';
import { claimPath, SLOT_SPACE } from '../../../../src/queue/paths.ts';
import { claimSlot, complete } from '../../../../src/queue/slot-machine.ts';
import { inWorkspace, outcomeText } from '../../../e2e/prepared-workspace.ts';
import type { GitFolder } from '../../../support/git-folder.ts';
import { commitFiles, found, gate, smallWorkspace } from '../gate.ts';

const at = '2026-01-15T08:30:00.000Z';
const stamp = (nonce: string) => ({ at: new Date(at), clock: 'local' as const, nonce });
const worker = { worker_id: 'laptop-1', host: 'laptop', pid: 1 };

function slotOf(id: string): WorkSlot {
  const ids = { slot_id: id, item_id: 't1', kind: 'thought', recipe: 'thought', priority: 0 };
  return workSlot.parse({
    ...ids,
    prompt: 'thought',
    persona: 'solver',
    branch: `feat/thought-${id}`,
    created_at: at,
  });
}

function event(slot: string, token: number, what: string): string {
  const id = `${slot}-${token}-${what}`;
  const envelope = { id, kind: 'slot_event', schema_version: 1, recorded_at: at, source: 'queue' };
  return toLine({ ...envelope, slot_event_id: id, slot_id: slot, item_id: 't1', event: what, token, at });
}

/** t1-v1 ended with token 2, after token 1 ran out; t1-v2 and t1-v3 are live. */
const events = [
  event('t1-v1', 1, 'claimed'),
  event('t1-v1', 1, 'expired'),
  event('t1-v1', 2, 'claimed'),
  event('t1-v1', 2, 'shipped'),
];
const slots = Object.fromEntries(
  ['t1-v2', 't1-v3'].map((id) => [`queue/slots/${id}.json`, JSON.stringify(slotOf(id))]),
);

let folder: GitFolder;
beforeEach(async () => {
  folder = await smallWorkspace({ 'state/slot_event/2026-01/0001.jsonl': events.join(''), ...slots });
  await folder.git('tag', 'base');
  await folder.git('switch', '-q', '-c', 'change');
});
afterEach(() => folder[Symbol.asyncDispose]());

/** Puts the claims into the cell of their slot, one after the other. */
async function hold(claims: readonly Claim[]): Promise<void> {
  await inWorkspace(folder.dir, async ({ workspace }) => {
    let expected: string | null = null;
    for (const claim of claims) {
      const next = { path: claimPath(claim.slot_id), content: JSON.stringify(claim), subject: 'Claim' };
      const swap = { space: SLOT_SPACE, id: claim.slot_id, expected, next };
      const [verdict] = await workspace.cells.swap([swap], 'claim');
      expected = verdict?.result === 'swapped' ? verdict.commit : null;
    }
  });
}

const commitOf = (slot: string, token: number) =>
  commitFiles(
    folder,
    { [`src/${slot}.ts`]: `${token}` },
    `Work\n\nMillwright-Slot: ${slot}\nMillwright-Token: ${token}`,
  );
const result = (slot: string, token: number) =>
  outcomeText(`${slot}-${token}`, { extra: { slot_id: slot, token } });
const inbox = 'queue/inbox/outcome';

describe('a result', () => {
  test('that waits counts when its claim ended the slot, and is refused when the claim was lost.', async () => {
    await commitFiles(folder, { [`${inbox}/won.json`]: result('t1-v1', 2) });
    expect(await found(folder, 'base')).toEqual([]);
    await commitFiles(folder, {
      [`${inbox}/lost.json`]: result('t1-v1', 1),
      [`${inbox}/late.json`]: result('t1-v1', 3),
      // An escape in the name of the field hides nothing.
      [`${inbox}/made-up.json`]: result('never', 1).replace('slot_id', 'slot\\u005fid'),
      'queue/inbox/slot_event/e.json': JSON.stringify({
        slot_id: 't1-v1',
        item_id: 't1',
        event: 'shipped',
        token: 1,
        at,
      }),
    });
    const { findings, checked } = await gate(folder, 'base');
    expect(findings.map(({ path, rule, field }) => [rule, path, field])).toEqual([
      ['stale-claim', `${inbox}/late.json`, 'token'],
      ['stale-claim', `${inbox}/lost.json`, 'token'],
      ['stale-claim', `${inbox}/made-up.json`, 'token'],
      ['stale-claim', 'queue/inbox/slot_event/e.json', 'token'],
    ]);
    expect(findings[1]?.message).toContain('that claim is recorded as expired');
    expect(checked.claims).toBe(5);
  });

  test('that was written into the history or the claims by hand is held against the claim as well.', async () => {
    const segment = 'state/slot_event/2026-01/0001.jsonl';
    const claim = claimSlot(slotOf('t1-v1'), null, worker, stamp('x'));
    await commitFiles(folder, {
      [segment]: `${events.join('')}${event('t1-v1', 1, 'shipped')}`,
      [claimPath('t1-v1')]: JSON.stringify(claim),
    });
    expect(await found(folder, 'base')).toEqual([
      `machine-path ${claimPath('t1-v1')}`,
      `stale-claim ${claimPath('t1-v1')}:1`,
      `machine-path ${segment}`,
      `stale-claim ${segment}:5`,
    ]);
  });
});

describe('a branch of work', () => {
  test('counts while its claim holds the slot, as the cell here says, and when it has shipped.', async () => {
    const first = claimSlot(slotOf('t1-v2'), null, worker, stamp('a'));
    const done = complete(first, stamp('a'), { files_pushed: [], smoke_test_pass: true });
    await commitOf('t1-v2', 1);
    expect(await gate(folder, 'base')).toMatchObject({
      findings: [],
      unchecked: [expect.stringContaining('token 1 of t1-v2')],
    });
    await hold([first]);
    expect(await gate(folder, 'base')).toMatchObject({ findings: [], unchecked: [] });
    await commitOf('t1-v3', 1);
    await hold([done].map((claim) => ({ ...claim, slot_id: 't1-v3' })));
    expect(await gate(folder, 'base')).toMatchObject({ findings: [], unchecked: [], checked: { claims: 2 } });
  });

  test('is refused when somebody else has the slot now; of several commits for one slot the newest counts.', async () => {
    const first = claimSlot(slotOf('t1-v2'), null, worker, stamp('a'));
    const second = { ...first, token: 2, nonce: 'b', worker_id: 'other\n::error::x' };
    await hold([first, second]);
    await commitOf('t1-v2', 1);
    const { findings } = await gate(folder, 'base');
    expect(findings).toMatchObject([{ path: '', rule: 'stale-claim', severity: 'error' }]);
    expect(findings[0]?.message).toMatch(
      /found token 1 in commit [0-9a-f]{10}: the slot went on with token 2, for other ::error::x$/,
    );
    await commitOf('t1-v2', 2);
    expect(await found(folder, 'base')).toEqual([]);
  });

  test('cannot be judged where the ledger is another branch that is not here, which is said.', async () => {
    await commitFiles(folder, { 'millwright.yaml': 'ledger_branch: ledger\nthoughts:\n  persona: solver\n' });
    await folder.git('tag', '-f', 'base');
    await commitOf('t9-v1', 1);
    expect(await gate(folder, 'base')).toMatchObject({
      findings: [],
      unchecked: [expect.stringContaining('the ledger branch is not here')],
    });
    await folder.git('branch', 'ledger', 'base');
    expect(await found(folder, 'base')).toEqual(['stale-claim ']);
  });
});
