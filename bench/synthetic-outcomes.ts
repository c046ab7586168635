import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** A small seeded generator (mulberry32): the same seed gives the same data everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const models = ['gpt-5', 'gpt-5-mini', 'sonnet-4', 'sonnet-4-5'];
const repositories = [
  'django/django',
  'sympy/sympy',
  'sphinx-doc/sphinx',
  'matplotlib/matplotlib',
  'scikit-learn/scikit-learn',
  'astropy/astropy',
];

/** A foreign line in the shape of the shipped outcomes. Every line has its own instance, so every id differs. */
export function syntheticLine(at: number, random: () => number): string {
  const repo = repositories[Math.floor(random() * repositories.length)] ?? '';
  return JSON.stringify({
    model: models[at % models.length],
    instance_id: `${repo.replace('/', '__')}-${10_000 + Math.floor(at / models.length)}`,
    repo,
    resolved: random() < 0.65,
    cost_usd: Math.round(random() * 1e6) / 1e6,
    api_calls: 5 + Math.floor(random() * 60),
  });
}

export async function writeSyntheticOutcomes(path: string, lines: number, seed: number): Promise<void> {
  const random = seeded(seed);
  const file = createWriteStream(path);
  for (let at = 0; at < lines; at += 1) {
    if (!file.write(`${syntheticLine(at, random)}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}
