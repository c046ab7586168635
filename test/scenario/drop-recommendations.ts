import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Delta } from '../../src/contracts/delta.ts';
import { proposalPulls, type Story, tell } from './story.ts';
import { LEDGER } from './workplace.ts';

/** Names that must stay names. */
const hostile = ['$(touch owned)', '`id`', '-rf', 'fixes #1 @ada', '🦀', 'a|b', '<!-- x -->', '"; exit 1'];
const models = ['gpt-5', 'sonnet-4-5', 'qwen-3'];

/**
 * Drops recommendations for personas that have nothing under way, so that each time becomes a proposal.
 * @returns how many proposals will come of it
 */
export async function dropRecommendations(story: Story, most: number): Promise<number> {
  const free = story.place.personas.filter((persona) => isFree(story, persona));
  const chosen = free
    .map((persona) => ({ persona, order: story.choice.number() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, most);
  for (const { persona } of chosen) {
    const times = story.dropped.get(persona) ?? 0;
    story.dropped.set(persona, times + 1);
    await dropBatch(story, persona, `${persona}-${times}`);
  }
  return chosen.length;
}

function isFree(story: Story, persona: string): boolean {
  const own = proposalPulls(story).filter(({ head }) => head.includes(`/persona-${persona}/`));
  const heads = new Set(own.map(({ head }) => head));
  return heads.size >= (story.dropped.get(persona) ?? 0) && own.every(({ state }) => state === 'closed');
}

/** One recommendation, or two that one patch carries. */
async function dropBatch(story: Story, persona: string, name: string): Promise<void> {
  const { choice } = story;
  const all = choice.happens(0.1)
    ? [[route(story, name)], [route(story, `${name}-b`)]]
    : [choice.happens(0.7) ? routes(story, name) : [otherDelta(story, name)]];
  for (const [at, deltas] of all.entries())
    await drop(story, `${name}-${at}`, recommend(story, persona, deltas));
}

function routes(story: Story, name: string): Delta[] {
  const many = 1 + story.choice.below(3);
  return Array.from({ length: many }, (_, at) => route(story, `${name}-${at}`));
}

function route({ choice }: Story, name: string): Delta {
  const more = choice.happens(0.2) ? ` ${choice.of(hostile)}` : '';
  return { op: 'set_route', domain: `${name}${more}`, model: choice.of(models) ?? 'gpt-5' };
}

function otherDelta({ choice }: Story, name: string): Delta {
  const text = `Text of ${name}: ${choice.of(hostile)}`;
  return (
    choice.of<Delta>([
      { op: 'add_bullet', id: `rule-${name}`, section: 'While', text, evidence: [] },
      { op: 'update_bullet', id: 'first-rule', text },
      { op: 'set_field', field: 'role', value: text },
      { op: 'set_field', field: 'identity.mission', value: text },
    ]) ?? { op: 'update_bullet', id: 'first-rule', text }
  );
}

function recommend({ choice }: Story, persona: string, deltas: readonly Delta[]) {
  const arm = (name: string) => ({ arm: name, n: 40, accepted: 10 + choice.below(30), cost_usd: 1.5 });
  const compared = { domain: 'a/b', arms: [arm('now'), arm('then')], p_value: 0.01, p_adjusted: 0.02 };
  return {
    recommendation_type: deltas[0]?.op === 'set_route' ? 'routing' : 'playbook',
    target_persona: persona,
    priority: choice.of(['low', 'medium', 'high', 'critical']),
    title: `change ${persona}`,
    evidence: [{ statement: 'It was seen to work better.', ...(choice.happens(0.1) ? compared : {}) }],
    suggested_change: { deltas },
  };
}

/** Into a checkout of one of the runners, or pushed to the ledger branch as by any other machine. */
async function drop(story: Story, name: string, fields: Readonly<Record<string, unknown>>): Promise<void> {
  const { place, choice } = story;
  const path = `queue/inbox/recommendation/${name}.json`;
  const text = `${JSON.stringify(fields)}\n`;
  const runner = choice.of([undefined, undefined, ...place.runners]);
  tell(story, `drop ${name} ${runner === undefined ? 'by a push' : `on ${runner.name}`}`);
  if (runner === undefined) {
    await place.github.people.commitTo(LEDGER, path, text);
    return;
  }
  await mkdir(join(runner.dir, 'queue/inbox/recommendation'), { recursive: true });
  await writeFile(join(runner.dir, path), text);
}
