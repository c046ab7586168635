import type { Place } from './place.ts';
import { vocabulary as words } from './vocabulary.ts';

/** The fields of an outcome, in the order of its schema: three in five came in by an import, the others from the queue. */
export function outcomeFields(place: Place): Record<string, unknown> {
  return place.index % 5 < 3 ? imported(place) : worked(place);
}

/** As a benchmark file brings them: four models have tried each instance. */
function imported(place: Place): Record<string, unknown> {
  const nth = Math.floor(place.index / 5) * 3 + (place.index % 5);
  const model = nth % words.models.length;
  const task = Math.floor(nth / words.models.length);
  const repository = words.repositories[task % words.repositories.length] ?? '';
  const instance = `${repository.replace('/', '__')}-${10_000 + task}`;
  return {
    idea_id: instance,
    persona_id: 'solver',
    persona_version: place.version('solver'),
    model: words.models[model],
    domain: repository,
    outcome: place.random() < (words.skill[model] ?? 0) ? 'accepted' : 'rejected',
    cost_usd: cost(place),
    api_calls: 5 + Math.floor(place.random() * 60),
    paired_key: instance,
    emitted_at: place.date.toISOString(),
  };
}

/** As a worker reports them: a slot of an idea, with its branch, its figures and, when it failed, the reason. */
function worked(place: Place): Record<string, unknown> {
  const { random } = place;
  const idea = random() < 0.05 ? Math.floor(random() ** 4 * 2_000) : Math.floor(place.index / 5);
  const model = Math.floor(random() * words.models.length);
  const persona = place.pick(words.personas);
  const skill = words.skill[model] ?? 0;
  const verdict = random() < skill ? 'accepted' : random() < 0.9 ? 'failed' : 'error';
  const label = place.pick(words.labels);
  const ideaId = `idea-${String(idea).padStart(7, '0')}`;
  return {
    idea_id: ideaId,
    persona_id: persona,
    persona_version: place.version(persona),
    model: words.models[model],
    domain: place.pick(words.repositories),
    outcome: verdict,
    ...(verdict === 'error' ? {} : { overall_score: Math.round(random() * 1_000) / 10 }),
    cost_usd: cost(place),
    tokens: Math.floor(random() * 200_000),
    duration_seconds: Math.round(20_000 + random() ** 3 * 1_800_000) / 1_000,
    ...(random() < 0.5 ? { paired_key: ideaId } : {}),
    session_id: `worker-${Math.floor(random() * 64)}`,
    prompt_hash: place.hex(12),
    branch_name: `millwright/${ideaId}/${label}`,
    commit_hash: place.hex(40),
    smoke_test_pass: verdict === 'accepted',
    transcript: `transcripts/${ideaId}-${label}.jsonl`,
    ...(random() < 0.3 ? { bullets_helpful: [`bullet-${Math.floor(random() * 40)}`] } : {}),
    ...(random() < 0.1 ? { bullets_harmful: [`bullet-${Math.floor(random() * 40)}`] } : {}),
    ...(verdict === 'accepted' ? {} : { notes: place.pick(words.reasons) }),
    emitted_at: place.date.toISOString(),
    extra: {
      slot_id: `${ideaId}-${label}`,
      token: 1,
      attempts: 1,
      host: `host-${Math.floor(random() * 16)}`,
      files_pushed: Math.floor(random() * 12),
      label,
    },
  };
}

function cost({ random }: Place): number {
  return Math.round(random() ** 2 * 2e6) / 1e6;
}
