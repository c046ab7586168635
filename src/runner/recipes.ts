import { thoughtRecipe } from '../preference/thought-recipe.ts';
import type { Recipe } from '../queue/recipe.ts';

/** Every recipe: what turns contracts into work. Each lies in the room of its loop. */
export const recipes: readonly Recipe[] = [thoughtRecipe];
