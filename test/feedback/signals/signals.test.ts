import { describe, expect, test } from 'vitest';
import type { SignalConsumed } from '../../../src/contracts/signal-consumed.ts';
import type { Thought } from '../../../src/contracts/thought.ts';
import { explainAll } from '../../../src/feedback/explain/explain-all.ts';
import { effectivePriority } from '../../../src/feedback/signals/effective-priority.ts';
import { lookAtSignals } from '../../../src/feedback/signals/look-at-signals.ts';
import { readSignals, type SignalEntry } from '../../../src/feedback/signals/read-signals.ts';
import { shareOutSignals } from '../../../src/feedback/signals/share-out-signals.ts';
import type { Llm } from '../../../src/llm/llm.ts';
import { routeTo, type Workshop } from '../../forge/workshop.ts';
import { answer, explainBench, finding, signal } from '../explain/explain-bench.ts';
import { scriptedLlm } from '../explain/scripted-llm.ts';
import { recommended } from '../feedback-records.ts';

const look = (shop: Workshop, llm: Llm) => shop.run((context) => lookAtSignals(context, llm));
const consumed = async (shop: Workshop) =>
  new Map(
    (await shop.records<SignalConsumed>('signal_consumed')).map((one) => [
      one.signal_id,
      [one.use, one.ref] as const,
    ]),
  );
const waiting = (shop: Workshop) =>
  shop.run(async ({ workspace }) => (await readSignals(workspace)).waiting.map(({ id }) => id));
const said = (...signals: readonly object[]) =>
  JSON.stringify({ signals: signals.map((one) => ({ reason: 'So it is.', ...one })) });
const thoughts = (shop: Workshop) => shop.records<Thought>('thought');

describe('signals that take part in an explanation', () => {
  test('are used up with it, raise the priority of what came of it, and become thoughts.', async () => {
    const signals = [
      signal('s-1'),
      signal('s-2', { tags: ['solver'], domain: 'design', url: 'https://example.org/x' }),
      signal('s-3', { domain: 'marketing' }),
      signal('s-4', { relevance: 'low' }),
    ];
    await using shop = await explainBench({ signals });
    const llm = scriptedLlm([
      answer({
        signals: [
          { signal_id: 's-1', use: 'priority_raised', reason: 'New tests are out.' },
          { signal_id: 's-2', use: 'idea', reason: 'Worth it.', idea_text: 'Build {{ it }}.' },
        ],
      }),
    ]);
    await shop.run((context) => explainAll(context, llm, { batch: false }));
    const drafted = (await shop.state()).recommendations.find(({ id }) => id !== 'f-1');
    const uses = await consumed(shop);
    expect(uses.get('s-1')).toEqual(['priority_raised', drafted?.id]);
    expect(uses.get('s-2')?.[0]).toBe('idea');
    expect(uses.get('s-4')).toEqual(['none', drafted?.id]);
    expect(await waiting(shop)).toEqual(['s-3']);
    const records = await shop.records<SignalConsumed>('signal_consumed');
    if (drafted === undefined) throw new Error('nothing was drafted');
    expect([drafted.priority, effectivePriority(drafted, records)]).toEqual(['medium', 'high']);
    await shop.pass();
    const [made, ...more] = await thoughts(shop);
    expect(more).toEqual([]);
    expect(made).toMatchObject({ id: uses.get('s-2')?.[1], category: 'design', extra: { signal_id: 's-2' } });
    expect(made?.text).toMatch(/^Build \{\{ it \}\}\.\n\nResearch signal s-2 .*example\.org/);
  });

  test('wait when the explanation failed, and when nobody answered.', async () => {
    await using shop = await explainBench({ signals: [signal('s-1')] });
    await shop.run((context) => explainAll(context, scriptedLlm(['prose']), { batch: false }));
    expect(await waiting(shop)).toEqual(['s-1']);
  });

  test('go to one finding each, to the one that they have most to do with.', () => {
    const findings = [
      recommended('f-1', undefined, { target_persona: 'backend' }),
      recommended('f-2', undefined),
    ];
    const entry = (id: string, domain: string, tags: string[] = []) =>
      ({ ...signal(id, { domain, tags }), id }) as unknown as SignalEntry;
    const shares = shareOutSignals(findings, [
      entry('s-1', 'solver', ['backend', 'x']),
      entry('s-2', 'backend'),
      entry('s-3', 'The Solver!'),
      entry('s-4', 'weather'),
    ]);
    expect(shares.map((share) => share.map(({ id }) => id))).toEqual([['s-1', 's-2'], ['s-3']]);
  });
});

describe('a look at signals that no finding used', () => {
  test('uses each of them up once, whatever the model says of it.', async () => {
    const signals = [
      signal('s-1'),
      signal('s-2', { relevance: 'medium' }),
      signal('s-3'),
      signal('s-4'),
      signal('s-5'),
    ];
    const settled = finding('f-1', {
      suggested_change: { deltas: routeTo('x', 'm').suggested_change.deltas },
    });
    await using shop = await explainBench({ signals, findings: [settled] });
    const llm = scriptedLlm([
      said(
        { signal_id: 's-1', use: 'priority_lowered', recommendation_id: 'f-1' },
        { signal_id: 's-2', use: 'idea', idea_text: 'Only of medium relevance.' },
        { signal_id: 's-3', use: 'idea', idea_text: ' ' },
        { signal_id: 's-4', use: 'priority_raised', recommendation_id: 'made-up' },
        { signal_id: 's-404', use: 'none' },
      ),
    ]);
    expect(await look(shop, llm)).toEqual({ consumed: 5 });
    const uses = await consumed(shop);
    expect(uses.get('s-1')).toEqual(['priority_lowered', 'f-1']);
    for (const id of ['s-2', 's-3', 's-4', 's-5']) expect(uses.get(id)?.[0]).toBe('none');
    expect(uses.has('s-404')).toBe(false);
    expect(await look(shop, llm)).toEqual({ consumed: 0 });
    expect(llm.requests).toHaveLength(1);
    expect(String(llm.requests[0]?.messages[0]?.content)).toContain('`f-1` (medium): Weak group of f-1');
    await shop.pass();
    expect(await thoughts(shop)).toEqual([]);
  });

  test('takes at most twenty a pass.', async () => {
    const signals = Array.from({ length: 25 }, (_, at) => signal(`s-${at}`));
    await using shop = await explainBench({ signals, findings: [] });
    const llm = scriptedLlm([said()]);
    expect(await look(shop, llm)).toEqual({ consumed: 20 });
    expect(await look(shop, llm)).toEqual({ consumed: 0 });
    shop.advance(2 * 3_600_000);
    expect(await look(shop, llm)).toEqual({ consumed: 5 });
  });

  test.each([
    ['prose', 'I would not know.', 2],
    ['refused', 'refused', 1],
    ['a secret', said({ signal_id: 's-1', use: 'idea', idea_text: `sk-ant-${'k'.repeat(40)}` }), 2],
  ])(
    'whose answer cannot be used (%s) goes back once, and then uses them up for nothing.',
    async (_, text, n) => {
      await using shop = await explainBench({ signals: [signal('s-1')], findings: [] });
      const llm = scriptedLlm([text]);
      expect(await look(shop, llm)).toMatchObject({ consumed: 1, problem: expect.stringMatching(/\S/) });
      expect(llm.requests).toHaveLength(n);
      if (n === 2)
        expect(String(llm.requests[1]?.messages[2]?.content)).toMatch(/^Your answer cannot be used/);
      const [record] = await shop.records<SignalConsumed>('signal_consumed');
      expect(record).toMatchObject({ use: 'none', reason: expect.stringMatching(/no answer could be used/) });
      expect(record?.reason).not.toContain('sk-ant');
      expect(await look(shop, llm)).toEqual({ consumed: 0 });
    },
  );

  test('is mended by the second answer.', async () => {
    await using shop = await explainBench({ signals: [signal('s-1')], findings: [] });
    const llm = scriptedLlm(['prose', said({ signal_id: 's-1', use: 'none' })]);
    expect(await look(shop, llm)).toEqual({ consumed: 1 });
    expect((await shop.records<SignalConsumed>('signal_consumed'))[0]?.reason).toBe('So it is.');
  });

  test('that nobody answered leaves them all for another day.', async () => {
    const text = 'failed';
    await using shop = await explainBench({ signals: [signal('s-1')], findings: [] });
    const llm = scriptedLlm([text]);
    expect(await look(shop, llm)).toMatchObject({ consumed: 0, problem: expect.stringMatching(/\S/) });
    expect(await waiting(shop)).toEqual(['s-1']);
    expect(await look(shop, llm)).toEqual({ consumed: 0 });
    expect(llm.requests).toHaveLength(1);
    shop.advance(25 * 3_600_000);
    expect(await look(shop, scriptedLlm([said()]))).toEqual({ consumed: 1 });
  });

  test('by two runners at once makes one thought of an idea.', async () => {
    await using shop = await explainBench({ signals: [signal('s-1')], findings: [] });
    const idea = (words: string) => scriptedLlm([said({ signal_id: 's-1', use: 'idea', idea_text: words })]);
    const models = [idea('One.'), idea('Another.')];
    const done = await Promise.all(models.map((llm) => look(shop, llm)));
    expect(done.map(({ consumed: n }) => n).sort()).toEqual([0, 1]);
    expect(models.flatMap(({ requests }) => requests)).toHaveLength(1);
    const { rejected } = await shop.pass();
    expect(rejected).toEqual([]);
    expect(await thoughts(shop)).toHaveLength(1);
  });

  test('makes no thought where the settings say never.', async () => {
    const settings = 'explain:\n  idea_relevance: never\n';
    await using shop = await explainBench({ signals: [signal('s-1')], findings: [], settings });
    await look(shop, scriptedLlm([said({ signal_id: 's-1', use: 'idea', idea_text: 'One.' })]));
    expect((await consumed(shop)).get('s-1')?.[0]).toBe('none');
  });
});

test.each([
  ['medium', [], 'medium'],
  ['medium', ['priority_raised'], 'high'],
  ['high', ['priority_raised', 'priority_raised', 'priority_raised'], 'critical'],
  ['low', ['priority_lowered'], 'low'],
  ['medium', ['priority_raised', 'priority_lowered', 'none', 'idea'], 'medium'],
] as const)('a priority of %s after %j is %s.', (priority, uses, wanted) => {
  const records = uses.map((use, at) => ({ use, ref: 'r-1', signal_id: `s-${at}` }));
  const others = [{ use: 'priority_raised' as const, ref: 'r-2', signal_id: 's-9' }];
  expect(effectivePriority({ id: 'r-1', priority }, [...records, ...others])).toBe(wanted);
});

test('one signal counts once, however many have looked at it.', () => {
  const twice = [1, 2].map(() => ({ use: 'priority_raised' as const, ref: 'r-1', signal_id: 's-1' }));
  expect(effectivePriority({ id: 'r-1', priority: 'low' }, twice)).toBe('medium');
});
