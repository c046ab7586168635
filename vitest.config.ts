import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real git and real servers on few cores: more files at once only make each of them slower.
    maxWorkers: 2,
    // They import JSON without saying so, which Node refuses.
    server: { deps: { inline: [/@actions\//] } },
    dangerouslyIgnoreUnhandledErrors: false,
  },
});
