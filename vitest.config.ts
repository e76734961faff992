import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    // On a shared machine a child process now and then does not come up within its time. Twice in a row is a fault.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
});
