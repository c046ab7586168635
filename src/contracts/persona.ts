import { z } from 'zod';
import { count, kebab, line, name, prose, semver } from './fields.ts';

export const bullet = z.strictObject({
  id: kebab,
  section: line,
  text: prose,
  helpful: count,
  harmful: count,
  added_in: semver,
  evidence: z.array(name),
});
export type Bullet = z.infer<typeof bullet>;

/** Who an agent is. One YAML file in `personas/`, changed by pull request only. */
export const persona = z
  .strictObject({
    id: kebab,
    name,
    version: semver,
    team: z.enum(['core', 'engineering', 'marketing']),
    active: z.boolean(),
    emoji: z.string().min(1).max(16).optional(),
    role: line,
    tier: z.enum(['brain', 'sub', 'local']),
    identity: z.strictObject({
      summary: prose,
      mission: prose,
      strengths: z.array(line).min(1),
      limits: z.array(line).min(1),
    }),
    voice: z.strictObject({ tone: z.array(line).min(1), do: z.array(line), avoid: z.array(line) }),
    frameworks: z.array(z.strictObject({ name: line, when: prose, steps: z.array(prose).min(1) })),
    case_studies: z.array(
      z.strictObject({
        title: line,
        situation: prose,
        action: prose,
        result: prose,
        illustration: z.boolean().describe('true for a made-up example, false for one that happened.'),
      }),
    ),
    playbook: z.array(bullet),
    routing: z.strictObject({
      default: name.describe('The model for every domain without a route of its own.'),
      domains: z.record(name, name),
    }),
  })
  .check((context) => {
    const seen = new Set<string>();
    for (const [index, item] of context.value.playbook.entries()) {
      if (seen.has(item.id)) {
        context.issues.push({
          code: 'custom',
          message: `expected bullet ids that differ, found "${item.id}" twice`,
          path: ['playbook', index, 'id'],
          input: item.id,
        });
      }
      seen.add(item.id);
    }
  });
export type Persona = z.infer<typeof persona>;
