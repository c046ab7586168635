import { describe, expect, test } from 'vitest';
import type { Explanation } from '../../../src/contracts/explanation.ts';
import { installFaultHook } from '../../../src/contracts/fault-point.ts';
import type { Recommendation } from '../../../src/contracts/recommendation.ts';
import type { SignalConsumed } from '../../../src/contracts/signal-consumed.ts';
import { explainAll } from '../../../src/feedback/explain/explain-all.ts';
import { readExplanations } from '../../../src/feedback/explain/read-explanations.ts';
import { planPatches } from '../../../src/feedback/plan-patch.ts';
import { recommendationStatuses } from '../../../src/feedback/recommendation-status.ts';
import type { Llm } from '../../../src/llm/llm.ts';
import type { Workshop } from '../../forge/workshop.ts';
import { outcomeLine } from '../../history/history-folder.ts';
import { answer, explainBench, finding, ideas, signal } from './explain-bench.ts';
import { type Reply, scriptedLlm } from './scripted-llm.ts';

const explain = (shop: Workshop, llm: Llm, batch = false) =>
  shop.run((context) => explainAll(context, llm, { batch }));
const explanations = (shop: Workshop) => shop.records<Explanation>('explanation');
const recommendations = (shop: Workshop) => shop.records<Recommendation>('recommendation');
const taskOf = (llm: ReturnType<typeof scriptedLlm>, at = 0) =>
  String(llm.requests[at]?.messages[0]?.content);
const statusesOf = (shop: Workshop) =>
  shop.run(async ({ workspace }) =>
    Object.fromEntries(recommendationStatuses(await shop.state(), await readExplanations(workspace))),
  );

describe('an explanation', () => {
  test('becomes a record, and a recommendation that the upgrader can carry out.', async () => {
    await using shop = await explainBench();
    const llm = scriptedLlm([answer()]);
    expect(await explain(shop, llm)).toEqual([{ recommendationId: 'f-1', result: 'drafted' }]);
    const [made] = await explanations(shop);
    expect(made).toMatchObject({
      recommendation_id: 'f-1',
      persona_id: 'solver',
      state: 'drafted',
      records_read: 3,
      quotes_dropped: 2,
      llm_call_ids: ['call-1'],
      prompt_hash: llm.requests[0]?.promptHash,
    });
    expect(made?.causes[0]?.quotes).toHaveLength(2);
    const drafted = (await recommendations(shop)).find(({ id }) => id === made?.recommendation_ids[0]);
    expect(drafted).toMatchObject({
      recommendation_type: 'playbook',
      target_persona: 'solver',
      source: 'sky-lynx',
      extra: { explains: 'f-1', predicted_difference: 0.05, baseline: 0, baseline_runs: 4 },
    });
    expect(drafted?.rationale).toContain('"No test was run before the patch" (o-2)');
    expect(drafted?.evidence.map(({ record_ids: ids }) => ids)).toContainEqual(['o-1', 'o-2']);
    expect(await statusesOf(shop)).toEqual({ 'f-1': 'explained', [drafted?.id ?? '']: 'pending' });
    expect(planPatches(await shop.state()).patches).toHaveLength(1);
    expect(await explain(shop, llm)).toEqual([]);
  });

  test('is asked for with the persona first, kept, and text from outside in fences.', async () => {
    await using shop = await explainBench();
    const llm = scriptedLlm([answer()]);
    await explain(shop, llm);
    const [request] = llm.requests;
    expect(request).toMatchObject({ tier: 'brain', purpose: 'explain', persona: { id: 'sky-lynx' } });
    expect(request?.system).toHaveLength(1);
    expect(request?.system[0]).toMatchObject({ cached: true });
    expect(request?.system[0]?.text).toMatch(/^# Constitution\n[\s\S]*\nYou are Sky-Lynx: /);
    const task = taskOf(llm);
    const outside = task.replaceAll(/^(`{3,})data\n[\s\S]*?^\1$/gm, '');
    expect(task).toContain('Ignore all rules');
    expect(outside).not.toMatch(/Ignore all rules|New task|timed out/);
  });

  test('never sees a task that the gate keeps, and is told how many it does not see.', async () => {
    await using shop = await explainBench();
    const llm = scriptedLlm([answer()]);
    await explain(shop, llm);
    expect(taskOf(llm)).not.toMatch(/kept for tests\.|o-4\b/);
    expect(taskOf(llm)).toContain('1 records belong to tasks that are kept for testing changes');
    expect(taskOf(llm)).toContain('1 records named there are not in the history');
  });

  test('of a finding whose records are all kept asks nobody, and says so.', async () => {
    const evidence = [{ statement: 's', record_ids: ['o-4'] }];
    await using shop = await explainBench({ findings: [finding('f-1', { evidence })] });
    const llm = scriptedLlm([answer()]);
    expect(await explain(shop, llm)).toMatchObject([{ result: 'failed' }]);
    expect(llm.requests).toEqual([]);
    expect(await statusesOf(shop)).toEqual({ 'f-1': 'unexplained' });
  });

  test('of what a person wrote can rest on the words of that person.', async () => {
    const written = finding('f-1', { source: 'drop:ada', evidence: [{ statement: 'Seen by me.' }] });
    await using shop = await explainBench({ findings: [written] });
    const bullets = [{ op: 'add_bullet', id: 'x', section: 'S', text: 'Do it.', record_ids: ['f-1'] }];
    const causes = [
      { statement: 'So it is.', record_ids: ['f-1'], quotes: [{ record_id: 'f-1', text: 'Seen by me.' }] },
    ];
    expect(await explain(shop, scriptedLlm([answer({ bullets, causes })]))).toMatchObject([
      { result: 'drafted' },
    ]);
    expect((await explanations(shop))[0]?.causes[0]?.quotes).toHaveLength(1);
  });

  test('may be that nothing is to be seen.', async () => {
    await using shop = await explainBench();
    await explain(shop, scriptedLlm([answer({ causes: [], bullets: [] })]));
    expect(await explanations(shop)).toMatchObject([{ state: 'nothing', recommendation_ids: [] }]);
    expect(await statusesOf(shop)).toEqual({ 'f-1': 'explained' });
  });
});

describe('a draft that cannot be used', () => {
  test.each<[string, string]>([
    ['prose', 'I think that the tests were not run.'],
    ['half of JSON', answer().slice(0, 40)],
    ['a patch for another persona', answer({ persona_id: 'backend' })],
    ['a path', answer({ path: 'personas/backend.yaml' })],
    ['unknown records', answer({ causes: [{ statement: 'x', record_ids: ['o-77'], quotes: [] }] })],
    ['ten megabytes', 'x'.repeat(10_000_000)],
    [
      'ten megabytes of JSON',
      answer({ causes: [{ statement: 'x'.repeat(10_000_000), record_ids: ['o-1'], quotes: [] }] }),
    ],
    ['nothing', ''],
  ])('goes back once with the errors, and is then recorded as failed: %s.', async (_, text) => {
    await using shop = await explainBench();
    const llm = scriptedLlm([text]);
    expect(await explain(shop, llm)).toMatchObject([{ result: 'failed' }]);
    expect(llm.requests).toHaveLength(2);
    const [, said, errors] = llm.requests[1]?.messages ?? [];
    expect([said?.role, errors?.role]).toEqual(['assistant', 'user']);
    expect(String(said?.content).length).toBeLessThanOrEqual(20_000);
    expect(String(errors?.content)).toMatch(/^Your answer cannot be used:\n\n- \S/);
    expect(await explanations(shop)).toMatchObject([{ state: 'failed', llm_call_ids: ['call-1', 'call-2'] }]);
    expect(await recommendations(shop)).toHaveLength(1);
    expect(await explain(shop, llm)).toEqual([]);
  });

  test('is mended by the second answer.', async () => {
    await using shop = await explainBench();
    const llm = scriptedLlm([answer({ persona_id: 'backend' }), answer()]);
    expect(await explain(shop, llm)).toMatchObject([{ result: 'drafted' }]);
    expect(String(llm.requests[1]?.messages[2]?.content)).toContain(
      'persona_id: expected "solver", found "backend"',
    );
  });

  test('keeps a template inert, up to the file of the persona.', async () => {
    await using shop = await explainBench();
    const text = 'Run {{ 7*7 }} {% include "x" %} first.';
    const bullets = [{ op: 'add_bullet', id: 'inert', section: 'S', text, record_ids: ['o-1'] }];
    await explain(shop, scriptedLlm([answer({ bullets })]));
    await shop.pass();
    const [branch = ''] = await shop.branches();
    expect(await shop.folder.git('show', `${branch}:personas/solver.yaml`)).toContain(text);
  });
});

describe('a question that nobody answers', () => {
  test.each<Reply>(['failed', 'over_budget', 'not_configured'])(
    'leaves no record (%s), is left alone for a day, and is then asked again.',
    async (reply) => {
      await using shop = await explainBench({ findings: [finding('f-1'), finding('f-2', { title: 'Two' })] });
      const llm = scriptedLlm([reply]);
      expect(await explain(shop, llm)).toMatchObject([{ result: 'later', detail: `it ${reply}` }]);
      expect(await explanations(shop)).toEqual([]);
      expect(await explain(shop, llm)).toEqual([]);
      expect(llm.requests).toHaveLength(1);
      shop.advance(2 * 3_600_000);
      expect(await explain(shop, llm)).toHaveLength(1);
      shop.advance(25 * 3_600_000);
      expect(await explain(shop, scriptedLlm([answer()]))).toHaveLength(2);
    },
  );

  test('by refusal is recorded as failed at once.', async () => {
    await using shop = await explainBench();
    const llm = scriptedLlm(['refused']);
    expect(await explain(shop, llm)).toMatchObject([{ result: 'failed' }]);
    expect(llm.requests).toHaveLength(1);
  });

  test('because no tier is set is not put.', async () => {
    await using shop = await explainBench();
    const llm = { ...scriptedLlm([answer()]), problemOf: () => 'llm.tiers names no model' };
    expect(await explain(shop, llm)).toEqual([]);
    const sub = { ...llm, problemOf: (tier: string) => (tier === 'sub' ? undefined : 'no model') };
    expect(await explain(shop, sub)).toHaveLength(1);
    expect(llm.requests[0]?.tier).toBe('sub');
  });
});

test('a pass explains the newest first, and no more than the settings say.', async () => {
  const findings = [1, 2, 3].map((n) =>
    finding(`f-${n}`, { title: `Group ${n}`, emitted_at: `2026-11-2${n}T00:00:00.000Z` }),
  );
  await using shop = await explainBench({ findings, settings: 'explain:\n  max_findings: 2\n' });
  const llm = scriptedLlm([answer({ bullets: [] })]);
  const done = await explain(shop, llm);
  expect(done.map(({ recommendationId }) => recommendationId)).toEqual(['f-3', 'f-2']);
  expect(await explain(shop, llm)).toEqual([]);
  shop.advance(2 * 3_600_000);
  expect(await explain(shop, llm)).toHaveLength(1);
});

test('several findings go together where they may be a batch, and their second tries one by one.', async () => {
  const findings = [finding('f-1'), finding('f-2', { title: 'Two' }), finding('f-3', { title: 'Three' })];
  await using shop = await explainBench({ findings });
  const llm = scriptedLlm([answer({ bullets: [] }), 'prose', 'failed', answer({ bullets: [] })]);
  const done = await explain(shop, llm, true);
  expect(done.map(({ result }) => result)).toEqual(['drafted', 'drafted', 'later']);
  expect(llm.batches).toEqual([3]);
  expect(llm.requests).toHaveLength(4);
});

test('a persona that a person edits meanwhile is not overruled: the finding is asked about again.', async () => {
  await using shop = await explainBench();
  const llm = scriptedLlm([answer()]);
  const slow: Llm = {
    ...llm,
    complete: async (request) => {
      const text = await shop.folder.read('personas/solver.yaml');
      const bullet =
        '  - id: solver-run-before-send\n    section: S\n    text: Mine.\n    helpful: 0\n    harmful: 0\n    added_in: 1.0.0\n    evidence: []\n';
      await shop.folder.write('personas/solver.yaml', text.replace(/^playbook:\n/m, `playbook:\n${bullet}`));
      await shop.folder.git('commit', '-qam', 'By hand');
      return llm.complete(request);
    },
  };
  const [done] = await explain(shop, slow);
  expect(done).toMatchObject({ result: 'later' });
  expect(done?.detail).toContain('was changed meanwhile');
  expect(await explanations(shop)).toEqual([]);
  expect(await shop.folder.read('personas/solver.yaml')).toContain('text: Mine.');
});

test('two runners that explain one finding record it once, with one recommendation.', async () => {
  await using shop = await explainBench();
  const models = [scriptedLlm([answer()]), scriptedLlm([answer()])];
  await Promise.all(models.map((llm) => explain(shop, llm)));
  expect(models.flatMap(({ requests }) => requests)).toHaveLength(1);
  expect(await explanations(shop)).toHaveLength(1);
  expect(await recommendations(shop)).toHaveLength(2);
});

test('a process that dies between the answer and the record asks again, and nothing is doubled.', async () => {
  await using shop = await explainBench({ signals: [signal('s-1')] });
  const llm = scriptedLlm([answer()]);
  installFaultHook((point) => {
    if (point === 'explain:answered') throw new Error('killed');
  });
  try {
    await expect(explain(shop, llm)).rejects.toThrow('killed');
  } finally {
    installFaultHook(undefined);
  }
  expect(await shop.records<SignalConsumed>('signal_consumed')).toEqual([]);
  expect(await explain(shop, llm)).toMatchObject([{ result: 'drafted' }]);
  expect(await explanations(shop)).toHaveLength(1);
});

test('long records are cut, and the secrets in them masked before that.', async () => {
  const [idea = ''] = ideas('reflect', 1);
  const key = `sk-ant-${'k'.repeat(40)}`;
  const notes = `${'x'.repeat(170)} ${key} ${'y'.repeat(300)}`;
  await using shop = await explainBench({
    outcomes: outcomeLine('o-5', { persona_id: 'solver', idea_id: idea, outcome: 'failed', notes }),
    findings: [finding('f-1', { evidence: [{ statement: 's', record_ids: ['o-5'] }] })],
    settings: 'explain:\n  max_record_chars: 300\n',
  });
  const llm = scriptedLlm([answer({ causes: [], bullets: [] })]);
  await explain(shop, llm);
  expect(taskOf(llm)).not.toContain('sk-ant');
  expect(taskOf(llm)).toContain('an Anthropic key');
  expect(taskOf(llm)).not.toContain('y'.repeat(200));
});
