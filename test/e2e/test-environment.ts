/*
 * Millwright runs git with the environment of its own process. Nothing of this machine may get in: no
 * configuration, no identity, no proxy.
 */
Object.assign(process.env, {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
});
