import { expect, test } from 'vitest';
import { claimQuestions } from '../../../src/feedback/explain/claim-questions.ts';
import { explainAll } from '../../../src/feedback/explain/explain-all.ts';
import type { Workshop } from '../../forge/workshop.ts';
import { answer, explainBench, finding } from './explain-bench.ts';
import { scriptedLlm } from './scripted-llm.ts';

const MINUTE = 60_000;
const claimed = (shop: Workshop, ...ids: string[]) =>
  shop.run(async ({ workspace }) => [...(await claimQuestions(workspace, ids)).ids]);
const cellsOf = (shop: Workshop) =>
  shop.run(async ({ workspace }) => [...(await workspace.cells.readAll('explain')).keys()]);

test('Of two passes at once each finding is asked about by one, and nothing stays behind.', async () => {
  const findings = ['f-1', 'f-2', 'f-3'].map((id) => finding(id, { title: `Title ${id}` }));
  await using shop = await explainBench({ findings });
  const models = [scriptedLlm([answer({ bullets: [] })]), scriptedLlm([answer({ bullets: [] })])];
  const done = await Promise.all(
    models.map((llm) => shop.run((context) => explainAll(context, llm, { batch: true }))),
  );
  const results = done.flat().map(({ recommendationId, result }) => `${recommendationId} ${result}`);
  for (const id of ['f-1', 'f-2', 'f-3']) {
    expect(results.filter((one) => one === `${id} drafted`)).toHaveLength(1);
  }
  expect(models.flatMap(({ requests }) => requests)).toHaveLength(3);
  expect(await shop.records('explanation')).toHaveLength(3);
  expect(await cellsOf(shop)).toEqual([]);
});

test('What a killed pass has claimed is left alone for half an hour, then taken over by one.', async () => {
  await using shop = await explainBench();
  expect(await claimed(shop, 'f-1', 'signals')).toEqual(['f-1', 'signals']);
  shop.advance(29 * MINUTE);
  expect(await claimed(shop, 'f-1', 'f-2')).toEqual(['f-2']);
  const left = await shop.run((context) => explainAll(context, scriptedLlm([answer()]), { batch: false }));
  expect(left).toMatchObject([{ result: 'later', detail: 'another pass is asking about it' }]);
  shop.advance(2 * MINUTE);
  const two = await Promise.all([claimed(shop, 'f-1'), claimed(shop, 'f-1')]);
  expect(two.flat()).toEqual(['f-1']);
});

test('A claim by a clock that is far ahead counts for nothing, one that is a little ahead does.', async () => {
  await using shop = await explainBench();
  shop.advance(10 * MINUTE);
  await claimed(shop, 'f-1');
  shop.advance(-10 * MINUTE);
  expect(await claimed(shop, 'f-1')).toEqual([]);
  shop.advance(-40 * MINUTE);
  expect(await claimed(shop, 'f-1')).toEqual(['f-1']);
});

test('A claim that somebody wrote otherwise is taken over.', async () => {
  await using shop = await explainBench();
  await shop.run(({ workspace }) =>
    workspace.cells.swap(
      [
        {
          space: 'explain',
          id: 'f-1',
          expected: null,
          next: { path: 'queue/explain/f-1.json', content: 'x', subject: 'By hand' },
        },
      ],
      'claim',
    ),
  );
  expect(await claimed(shop, 'f-1')).toEqual(['f-1']);
});
