import { MillwrightError } from '../../../contracts/millwright-error.ts';

/**
 * Some other program answered, or the answer is cut short.
 * @param repeatable false for what may have been done all the same
 */
export function badAnswer(
  why: string,
  { action, repeatable }: { readonly action: string; readonly repeatable: boolean },
): MillwrightError {
  return new MillwrightError('github-bad-answer', `could not ${action}: the answer makes no sense: ${why}`, {
    hint: 'see whether GITHUB_API_URL is the address of GitHub; the next pass asks again',
    retry: 'back-off',
    data: repeatable ? {} : { outcome: 'unknown' },
  });
}
