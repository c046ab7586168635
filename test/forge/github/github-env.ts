/**
 * What a process needs to find the emulator, and what keeps the environment of a real workflow out of it.
 * @param token one of those that the emulator knows
 */
export function githubEnv(url: string, token = 'full-token'): Record<string, string> {
  return {
    GITHUB_API_URL: url,
    MILLWRIGHT_GITHUB_TOKEN: token,
    GH_TOKEN: '',
    GITHUB_TOKEN: '',
    GITHUB_ACTIONS: '',
    GITHUB_REPOSITORY: '',
  };
}
