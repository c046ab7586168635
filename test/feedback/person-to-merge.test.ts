import { describe, expect, test } from 'vitest';
import type { Delta } from '../../src/contracts/delta.ts';
import type { Patch, PatchDecision } from '../../src/contracts/patch.ts';
import { proposalId } from '../../src/feedback/proposal-id.ts';
import { recommendationStatuses } from '../../src/feedback/recommendation-status.ts';
import { deltaHolds } from '../../src/personas/apply-deltas.ts';
import { openedWorkshop, routeTo, type Workshop, workshop } from '../forge/workshop.ts';
import { mustRead } from '../personas/shipped-personas.ts';
import { patchFields } from './feedback-records.ts';

const file = 'personas/solver.yaml';

async function persona(shop: Workshop) {
  return mustRead(file, await shop.folder.git('show', `main:${file}`)).persona;
}

const changes: readonly (readonly [string, Delta, string])[] = [
  [
    'adds a bullet',
    {
      op: 'add_bullet',
      id: 'solver-say-what-is-untested',
      section: 'Before finishing',
      text: 'Name what was not tested: "nothing" is an answer too.\n\nOne line is enough.',
      evidence: ['outcome-1'],
    },
    'playbook',
  ],
  [
    'updates a bullet',
    { op: 'update_bullet', id: 'solver-narrow-diff', text: 'Keep the diff narrow.' },
    'playbook',
  ],
  [
    'removes a bullet',
    { op: 'remove_bullet', id: 'solver-narrow-diff', why: 'It kept people from fixing the cause.' },
    'playbook',
  ],
  ['sets its role', { op: 'set_field', field: 'role', value: 'Fixes one issue: no more.' }, 'role'],
  ['sets its tier', { op: 'set_field', field: 'tier', value: 'brain' }, 'tier'],
  ['sets its mission', { op: 'set_field', field: 'identity.mission', value: 'Make it right.' }, 'identity'],
  ['sets its default route', { op: 'set_route', domain: null, model: 'gpt-5' }, 'routing'],
];

describe('a change that a person recommends', () => {
  test.each(changes)(
    '%s, and works to the end: record, patch, proposal, merge, decision.',
    async (_what, change, component) => {
      await using shop = await workshop();
      const before = await persona(shop);
      await shop.drop(
        'recommendation',
        'mine',
        routeTo(null, 'x', {
          recommendation_type: 'persona',
          title: 'I want it so',
          suggested_change: { deltas: [change] },
        }),
      );
      expect((await shop.pass()).failures).toEqual([]);
      expect(await shop.records<Patch>('patch')).toEqual([
        expect.objectContaining({ component, deltas: [change], recommendation_ids: ['mine'] }),
      ]);
      expect(recommendationStatuses(await shop.state()).get('mine')).toBe('proposed');
      const [branch = ''] = await shop.branches();
      await shop.folder.git('merge', '-q', '-m', 'Merge it', branch);
      await shop.pass();
      expect(await shop.records<PatchDecision>('patch_decision')).toEqual([
        expect.objectContaining({ decision: 'applied' }),
      ]);
      const after = await persona(shop);
      expect(deltaHolds(after, change)).toBe(true);
      expect([before.version, after.version]).toEqual(['1.0.0', '1.1.0']);
      expect(recommendationStatuses(await shop.state()).get('mine')).toBe('applied');
      expect((await shop.pass()).changed).toBe(false);
    },
  );

  test('waits for a person when it has words and no deltas.', async () => {
    await using shop = await workshop();
    await shop.drop(
      'recommendation',
      'words',
      routeTo('a', 'x', { suggested_change: { text: 'Be kinder.' } }),
    );
    await shop.pass();
    expect(await shop.records('patch')).toEqual([]);
    expect(recommendationStatuses(await shop.state()).get('words')).toBe('waiting');
  });
});

describe('a history that was edited by hand', () => {
  test.each([
    ['recommendation', { id: 'x', kind: 'recommendation', target_persona: 'solver', priority: 'high' }],
    ['patch', { id: 'x', kind: 'patch', persona_id: 'solver', deltas: 'none' }],
    ['patch_decision', { id: 'x', kind: 'patch_decision', decision: 'maybe' }],
  ])(
    'has the %s that fits no schema left out and named, and everything else goes on.',
    async (kind, record) => {
      await using shop = await openedWorkshop();
      const path = `state/${kind}/2026-10/0001.jsonl`;
      await shop.folder.write(path, `${JSON.stringify(record)}\nnot json\n`);
      await shop.folder.git('add', path);
      await shop.folder.git('commit', '-q', '-m', 'By hand');
      const { failures, proposals } = await shop.pass();
      expect(failures).toEqual([]);
      expect(proposals).toEqual([{ proposal_id: shop.id, result: 'unchanged' }]);
      expect(new Set(shop.warnings)).toEqual(
        new Set([
          `${path}:2: expected a record of kind ${kind}; it was left out`,
          `state/${kind}: x: expected a record of kind ${kind}; it was left out`,
        ]),
      );
    },
  );

  test('may hold a patch that can never apply: it is stuck, and harms no other.', async () => {
    await using shop = await openedWorkshop();
    const foreign = patchFields('foreign', [{ op: 'update_bullet', id: 'nowhere', text: 'x' }]);
    await shop.drop('patch', 'foreign', { ...foreign, component: 'playbook' });
    expect(await shop.results()).toEqual({ [shop.id]: 'unchanged', [proposalId(foreign)]: 'stuck' });
    expect(await shop.branches()).toEqual([shop.id]);
  });
});
