import type { Thought } from '../contracts/thought.ts';
import type { Recipe, SlotDraft } from '../queue/recipe.ts';
import { diversityModes } from './diversity-modes.ts';

/** A thought becomes five variants, each with a direction of its own; people then choose. */
export const thoughtRecipe: Recipe = {
  name: 'thought',
  kind: 'thought',
  words: { item: 'thought', slot: 'variant' },
  split: ({ id, fields }, { thoughts }) => {
    const thought = fields as Thought;
    const slots = diversityModes.map(({ mode, instruction }, at): SlotDraft => {
      const variant = at + 1;
      return {
        slot_id: `${id}-v${variant}`,
        prompt: 'thought',
        persona: thoughts.persona,
        label: mode,
        branch: `feat/thought-${id}-v${variant}`,
        ...(thought.model === undefined ? {} : { model: thought.model }),
        ...(thought.category === undefined ? {} : { domain: thought.category }),
        ...(thoughts.smoke === undefined ? {} : { smoke: thoughts.smoke }),
        variables: {
          thought_id: id,
          text: thought.text,
          category: thought.category ?? 'general',
          diversity_mode: mode,
          diversity_instruction: instruction,
          constitution_path: thought.constitution_path ?? thoughts.constitution_path,
          variant_index: variant,
        },
      };
    });
    return { title: titleOf(thought.text), priority: thought.priority ?? 0, slots };
  },
};

/** The first line, as far as it fits beside a number of others. */
function titleOf(text: string): string {
  const [first = ''] = text.trim().split('\n');
  const letters = [...first.trim()];
  return letters.length > 80 ? `${letters.slice(0, 79).join('')}…` : letters.join('');
}
