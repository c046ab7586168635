import { describe, expect, test } from 'vitest';
import { settings as settingsSchema } from '../../src/contracts/settings.ts';
import { thought } from '../../src/contracts/thought.ts';
import { workSlot } from '../../src/contracts/work.ts';
import { diversityModes } from '../../src/preference/diversity-modes.ts';
import { thoughtRecipe } from '../../src/preference/thought-recipe.ts';
import { enqueue } from '../../src/queue/enqueue.ts';

const at = new Date('2026-11-20T10:00:00.000Z');
const settings = (given: object = {}) => settingsSchema.parse(given);

function contract(fields: object, id = 't1') {
  return { id, kind: thought, source: 'test', fields: thought.fields.parse(fields) };
}

function slotsOf(fields: object, given: object = {}, id = 't1') {
  const { edits } = enqueue(thoughtRecipe, contract(fields, id), settings(given), at);
  const files = edits.map((edit) => edit as { put: string; content: string });
  const slots = files.filter(({ put }) => put.startsWith('queue/slots/'));
  return slots.map(({ content }) => workSlot.parse(JSON.parse(content)));
}

describe('a thought', () => {
  test('becomes five slots, one for each direction, with all that an agent needs.', () => {
    const fields = {
      text: 'a scroll beat that feels like breathing',
      category: 'scroll-beats',
      constitution_path: 'docs/rules.md',
      priority: 7,
      model: 'some-model',
    };
    const slots = slotsOf(fields, { work: { smoke: 'npm test', lease_seconds: 90, max_attempts: 2 } });
    expect(slots.map(({ label }) => label)).toEqual([
      'conservative',
      'different_motion',
      'different_positioning',
      'combination',
      'bold',
    ]);
    for (const [index, slot] of slots.entries()) {
      const n = index + 1;
      expect(slot).toEqual({
        slot_id: `t1-v${n}`,
        item_id: 't1',
        kind: 'thought',
        recipe: 'thought',
        priority: 7,
        needs: [],
        prompt: 'thought',
        persona: 'frontend',
        model: 'some-model',
        domain: 'scroll-beats',
        label: diversityModes[index]?.mode,
        branch: `feat/thought-t1-v${n}`,
        smoke: 'npm test',
        variables: {
          thought_id: 't1',
          text: 'a scroll beat that feels like breathing',
          category: 'scroll-beats',
          diversity_mode: diversityModes[index]?.mode,
          diversity_instruction: diversityModes[index]?.instruction,
          constitution_path: 'docs/rules.md',
          variant_index: n,
        },
        lease_seconds: 90,
        max_attempts: 2,
        token: 0,
        created_at: at.toISOString(),
      });
    }
    expect(new Set(slots.map(({ variables }) => variables.diversity_instruction)).size).toBe(5);
  });

  test('that says nothing but its text gets the defaults, which are settings.', () => {
    const [plain] = slotsOf({ text: 'x' });
    expect(plain).toMatchObject({ priority: 0, persona: 'frontend', lease_seconds: 300, max_attempts: 5 });
    expect([plain?.model, plain?.domain, plain?.smoke]).toEqual([undefined, undefined, undefined]);
    expect(plain?.variables).toMatchObject({
      category: 'general',
      constitution_path: 'prompts/DO-NOT-CHANGE-EVER.md',
    });
    const thoughts = { persona: 'designer', constitution_path: 'rules.md', smoke: 'make check' };
    const [chosen] = slotsOf({ text: 'x' }, { thoughts, work: { smoke: 'npm test' } });
    expect(chosen).toMatchObject({ persona: 'designer', smoke: 'make check' });
    expect(chosen?.variables.constitution_path).toBe('rules.md');
  });

  test.each([
    ['one line', 'one line'],
    ['  first  \nsecond', 'first'],
    ['x'.repeat(81), `${'x'.repeat(79)}…`],
    ['🎡'.repeat(81), `${'🎡'.repeat(79)}…`],
  ])('is called by its first line, as far as it fits: %j.', (text, title) => {
    expect(thoughtRecipe.split(contract({ text }), settings()).title).toBe(title);
  });

  test.each([
    '{{ 7 * 7 }} {% raw %} $HOME `id`',
    `"quotes" 'and' \\ back\\slashes \u2028 \u0000`,
    'one\ntwo\r\n\tthree\n\nfour',
    '--- \nkey: [broken',
    'long'.repeat(25_000),
  ])('keeps its text as data, letter for letter.', (text) => {
    for (const { variables } of slotsOf({ text })) expect(variables.text === text).toBe(true);
  });
});

describe('a thought is refused at the door', () => {
  test.each([
    ['../x'],
    ['a..b'],
    ['a.lock'],
    ['a/b'],
    ['-a'],
    ['.a'],
    ['a b'],
    ['a~1'],
    ['a:b'],
    ['ä'],
    [''],
    ['x'.repeat(61)],
  ])('when its id is %j, which would break a ref or a branch.', (thought_id) => {
    expect(thought.fields.safeParse({ text: 'x', thought_id }).success).toBe(false);
  });

  test.each(['/etc/passwd', '../x', 'a/../b', 'a/./b', '', 'a\nb'])(
    'when its constitution is %j, which is no path in the repository.',
    (constitution_path) => {
      expect(thought.fields.safeParse({ text: 'x', constitution_path }).success).toBe(false);
    },
  );

  test('when it has no text.', () => {
    expect(thought.fields.safeParse({}).success).toBe(false);
  });
});
