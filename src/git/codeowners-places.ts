/** Where GitHub looks for a CODEOWNERS file, in this order; the first that is there counts. */
export const CODEOWNERS_PLACES: readonly string[] = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];
